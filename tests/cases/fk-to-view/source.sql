-- A foreign key to a view: not carried, foreign-key/ finding
PRAGMA foreign_keys=OFF;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');

CREATE VIEW people AS SELECT id, name FROM authors;
CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES people (id));
INSERT INTO books VALUES (1, 1);
