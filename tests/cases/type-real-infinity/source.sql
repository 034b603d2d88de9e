-- Infinities (9e999) in a REAL column: double precision holds them; a column declared DECIMAL beside it has none
CREATE TABLE limits (id INTEGER PRIMARY KEY, upper REAL, price DECIMAL(8,2));
INSERT INTO limits VALUES (1, 9e999, 1.25), (2, -9e999, 2), (3, 0, NULL);
