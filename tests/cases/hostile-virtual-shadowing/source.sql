-- A virtual table whose name and arguments hold SQL: listed, never made
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t VALUES (1);
CREATE VIRTUAL TABLE "f""; DROP TABLE t; --" USING fts5("a""b", tokenize = 'porter ascii');
