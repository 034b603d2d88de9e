-- a * 2 overflows integer in PostgreSQL where SQLite counts in 64 bits: the values arrive, whatever the columns become
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b BIGINT AS (a * 2) STORED, c INTEGER AS (a + 1) VIRTUAL);
INSERT INTO t (id, a) VALUES (1, 2000000000), (2, 2147483647);
