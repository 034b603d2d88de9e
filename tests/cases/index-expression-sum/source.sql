-- An index over arithmetic: carried
CREATE TABLE lines (id INTEGER PRIMARY KEY, price INTEGER NOT NULL, quantity INTEGER NOT NULL);
CREATE INDEX lines_total ON lines (price * quantity, id);
INSERT INTO lines VALUES (1, 100, 2), (2, 5, 7);
