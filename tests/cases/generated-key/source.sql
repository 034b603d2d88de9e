-- A generated column is UNIQUE and indexed: the key is carried with it
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, low TEXT AS (lower(a)) STORED UNIQUE);
INSERT INTO t (id, a) VALUES (1, 'Ab'), (2, 'cD');
