-- An INTEGER PRIMARY KEY named rowid: the rowid itself; identity
CREATE TABLE t (rowid INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (5, 'a');
