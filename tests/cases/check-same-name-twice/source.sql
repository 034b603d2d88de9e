-- Two checks of one table with the same name: SQLite takes it, PostgreSQL does not; both carried, one renamed, name/ finding
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER CONSTRAINT positive CHECK (a > 0), b INTEGER CONSTRAINT positive CHECK (b > 0));
INSERT INTO t VALUES (1, 1, 1);
