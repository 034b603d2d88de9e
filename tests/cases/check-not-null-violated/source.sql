-- A column made NOT NULL afterwards (writable_schema) holds a NULL: the row stays, the column is not NOT NULL, a finding
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO people VALUES (1, 'a'), (2, NULL);
PRAGMA writable_schema=ON;
UPDATE sqlite_master SET sql = 'CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL)' WHERE name = 'people';
PRAGMA writable_schema=OFF;
