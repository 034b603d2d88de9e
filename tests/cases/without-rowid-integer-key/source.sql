-- INTEGER PRIMARY KEY WITHOUT ROWID is no rowid: it gives no numbers of its own, so no identity
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) WITHOUT ROWID;
INSERT INTO t VALUES (1, 'a'), (5, 'b');
