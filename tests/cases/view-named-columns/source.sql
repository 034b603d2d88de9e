-- A view with its own column list and with an unnamed expression: the columns keep their names
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER);
CREATE VIEW v (key, "twice n") AS SELECT id, n * 2 FROM t;
INSERT INTO t VALUES (1, 5);
