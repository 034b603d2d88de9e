-- A foreign key with actions: carried with ON DELETE CASCADE and ON UPDATE SET NULL
PRAGMA foreign_keys=OFF;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');

CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES authors (id) ON DELETE CASCADE ON UPDATE SET NULL, title TEXT);
INSERT INTO books VALUES (1, 1, 'x'), (2, NULL, 'y');
