-- A VIRTUAL column of hex(zeroblob(n)), small here, with which a file of 4 KB could ask for gigabytes: no equal in PostgreSQL; values arrive in an ordinary
-- column, generated/
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, big TEXT AS (hex(zeroblob(n))) VIRTUAL);
INSERT INTO t (id, n) VALUES (1, 2);
