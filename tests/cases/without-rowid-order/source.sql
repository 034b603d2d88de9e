-- WITHOUT ROWID with a descending key: the order of the key is no value; primary key on both columns
CREATE TABLE prices (day TEXT, at INTEGER, p REAL, PRIMARY KEY (day, at DESC)) WITHOUT ROWID;
INSERT INTO prices VALUES ('mo', 1, 0.5), ('mo', 2, 0.6), ('tu', 1, 0.7);
