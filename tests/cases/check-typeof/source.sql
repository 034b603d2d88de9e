-- CHECK (typeof(n) = 'integer'): true of every value of an integer column in PostgreSQL; carried in other words or left out with a finding
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (typeof(n) = 'integer'));
INSERT INTO t VALUES (1, 5);
