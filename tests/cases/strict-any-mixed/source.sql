-- ANY with '1' and 1: both '1' in text; reported as a widening, no row lost
CREATE TABLE kv (k TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID;
INSERT INTO kv VALUES ('a', 1), ('b', '1'), ('c', NULL);
