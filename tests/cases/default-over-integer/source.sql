-- DEFAULT 5000000000 on an INTEGER whose values fit 32 bits: bigint, or the default is left out; never one that fails later
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 5000000000);
INSERT INTO t VALUES (1, 1);
