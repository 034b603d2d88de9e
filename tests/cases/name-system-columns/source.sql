-- Columns named like PostgreSQL's system columns (xmin, ctid, tableoid): refused there; renamed, name/ finding; oid is free since version 12
CREATE TABLE plot (id INTEGER PRIMARY KEY, xmin REAL, xmax REAL, ctid TEXT, tableoid INTEGER, oid INTEGER);
INSERT INTO plot VALUES (1, 0.5, 1.5, 'c', 7, 8);
