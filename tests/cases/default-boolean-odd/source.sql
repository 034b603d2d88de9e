-- DEFAULT 2 on a BOOLEAN with 0 and 1: no boolean; left out, default/ finding, the column stays boolean
CREATE TABLE t (id INTEGER PRIMARY KEY, a BOOLEAN DEFAULT 2, b BOOLEAN DEFAULT 'false', c BOOLEAN DEFAULT FALSE);
INSERT INTO t VALUES (1, 1, 0, 1);
