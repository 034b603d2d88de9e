-- VARCHAR(3) holds 'abc ': PostgreSQL would cut the spaces silently; text, a widening, spaces kept
CREATE TABLE codes (id INTEGER PRIMARY KEY, code VARCHAR(3), pad CHAR(5));
INSERT INTO codes VALUES (1, 'abc  ', 'ab'), (2, 'x', 'ab   ');
