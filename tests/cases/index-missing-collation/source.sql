-- A column and an index with a collation the application defines (Firefox, iOS): rows arrive, the index that needs it is not carried or is said to be otherwise
PRAGMA writable_schema=ON;
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO names VALUES (1, 'Å'), (2, 'a');
UPDATE sqlite_master SET sql = 'CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT COLLATE localized)' WHERE name = 'names';
INSERT INTO sqlite_master VALUES ('index', 'names_name', 'names', 0, 'CREATE INDEX names_name ON names (name)');
DELETE FROM sqlite_master WHERE name = 'names_name';
PRAGMA writable_schema=RESET;
