-- A TEXT column named oid, one named rowid that is not the key: rows are read by _rowid_; nothing is doubled
CREATE TABLE t (oid TEXT, rowid INTEGER, v TEXT);
INSERT INTO t VALUES ('x', 1, 'a'), ('x', 1, 'b'), ('x', 1, 'c');
