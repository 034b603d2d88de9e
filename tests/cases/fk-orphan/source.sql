-- A row whose parent is gone: it stays, the constraint is NOT VALID, the row is listed (orphan/)
PRAGMA foreign_keys=OFF;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');

CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES authors (id) ON DELETE CASCADE);
INSERT INTO books VALUES (1, 1), (2, 99), (3, NULL), (4, 98);
