-- An index over "naem", no column: SQLite took it for a string (old files); not carried as a column, index/ finding; the index itself is corrupt then, the rows
-- are not
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO people VALUES (1, 'a');
CREATE INDEX people_name ON people (name);
PRAGMA writable_schema=ON;
UPDATE sqlite_master SET sql = 'CREATE INDEX people_name ON people ("naem")' WHERE name = 'people_name';
PRAGMA writable_schema=OFF;
