-- Columns named rowid, oid and _rowid_ hide the real rowid: they are columns like others; two rows with equal ones both arrive
CREATE TABLE odd (rowid TEXT, oid INTEGER, _rowid_ REAL);
INSERT INTO odd VALUES ('a', 1, 0.5), ('a', 1, 0.5), (NULL, 5000000000, NULL);
