-- Views that double each other 14 times: none is run while the schema is read; translated or listed
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t VALUES (1), (2);
CREATE VIEW v0 AS SELECT a.id FROM t a, t b;
CREATE VIEW v1 AS SELECT a.id FROM v0 a, v0 b;
CREATE VIEW v2 AS SELECT a.id FROM v1 a, v1 b;
CREATE VIEW v3 AS SELECT a.id FROM v2 a, v2 b;
CREATE VIEW v4 AS SELECT a.id FROM v3 a, v3 b;
CREATE VIEW v5 AS SELECT a.id FROM v4 a, v4 b;
CREATE VIEW v6 AS SELECT a.id FROM v5 a, v5 b;
CREATE VIEW v7 AS SELECT a.id FROM v6 a, v6 b;
CREATE VIEW v8 AS SELECT a.id FROM v7 a, v7 b;
CREATE VIEW v9 AS SELECT a.id FROM v8 a, v8 b;
CREATE VIEW v10 AS SELECT a.id FROM v9 a, v9 b;
CREATE VIEW v11 AS SELECT a.id FROM v10 a, v10 b;
CREATE VIEW v12 AS SELECT a.id FROM v11 a, v11 b;
CREATE VIEW v13 AS SELECT a.id FROM v12 a, v12 b;
CREATE VIEW v14 AS SELECT a.id FROM v13 a, v13 b;
