-- A generated column refers to another: PostgreSQL refuses that; the second in other words or as ordinary column; the values arrive
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER AS (a * 2) STORED, c INTEGER AS (b + 1) STORED);
INSERT INTO t (id, a) VALUES (1, 5), (2, NULL);
