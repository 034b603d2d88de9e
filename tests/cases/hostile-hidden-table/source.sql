-- sqlite_master was edited: an ordinary table is listed as an index of a name that begins with sqlite_: rows of the others arrive, the odd entry stops nothing
CREATE TABLE users (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE hidden (id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO users VALUES (1, 'a');
INSERT INTO hidden VALUES (1, 'z'), (2, 'z');
PRAGMA writable_schema=ON;
UPDATE sqlite_master SET name = 'sqlite_hidden', tbl_name = 'sqlite_hidden', sql = 'CREATE TABLE sqlite_hidden (id INTEGER PRIMARY KEY, v TEXT)' WHERE name = 'hidden';
PRAGMA writable_schema=OFF;
