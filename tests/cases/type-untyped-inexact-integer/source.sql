-- A column without a type, a real and an integer over 2^53 that no double holds: numeric
CREATE TABLE metrics (id INTEGER PRIMARY KEY, v);
INSERT INTO metrics VALUES (1, 2.5), (2, 9007199254740993);
