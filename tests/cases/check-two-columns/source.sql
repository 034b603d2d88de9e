-- A table check over two columns with BETWEEN, OR and IS NULL: carried
CREATE TABLE spans (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, CHECK (b IS NULL OR b BETWEEN a AND a + 100));
INSERT INTO spans VALUES (1, 1, NULL), (2, 1, 101);
