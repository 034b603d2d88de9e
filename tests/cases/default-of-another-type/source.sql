-- DEFAULT 'none' on an INTEGER column that holds integers: no integer default in PostgreSQL; left out, default/ finding
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER DEFAULT 'none', m INTEGER DEFAULT '5', o INTEGER DEFAULT '');
INSERT INTO t VALUES (1, 1, 5, 2);
