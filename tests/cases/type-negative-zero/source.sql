-- -0.0 in an untyped column is kept by SQLite: double precision, -0; in a REAL column SQLite itself makes 0.0 of it
CREATE TABLE samples (id INTEGER PRIMARY KEY, a, b REAL);
INSERT INTO samples VALUES (1, -0.0, -0.0), (2, 1.5, 1.5);
