-- Integer division, modulo and division by zero: NULL in SQLite, an error in PostgreSQL; the row with b = 0 must arrive with NULL
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, q INTEGER AS (a / b) STORED, m INTEGER AS (a % b) STORED);
INSERT INTO t (id, a, b) VALUES (1, -7, 2), (2, 7, 0);
