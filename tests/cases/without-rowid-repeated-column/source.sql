-- WITHOUT ROWID with PRIMARY KEY (a, b, a): a repeated column is one for SQLite; PostgreSQL refuses it; key (a, b)
CREATE TABLE t (a TEXT, b TEXT, c TEXT, PRIMARY KEY (a, b, a)) WITHOUT ROWID;
INSERT INTO t VALUES ('x', 'y', 'z');
