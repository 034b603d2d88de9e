-- Numbers with digit separators in a default and a check (SQLite 3.46): 1000000
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER DEFAULT 1_000_000 CHECK (n < 2_000_000));
INSERT INTO t (id) VALUES (1);
