-- UNIQUE (a, a): SQLite takes it, PostgreSQL does not; unique over a
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, UNIQUE (a, a));
INSERT INTO t VALUES (1, 'x');
