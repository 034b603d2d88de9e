-- VARCHAR(5) holds six characters: text, a widening; nothing is cut
CREATE TABLE airports (id INTEGER PRIMARY KEY, code VARCHAR(5) NOT NULL);
INSERT INTO airports VALUES (1, 'EDDF'), (2, 'EDDF-X');
