-- A child holds the word 'none' where integers refer: it widens to text with its parent or the key is not carried; no row is lost
PRAGMA foreign_keys=OFF;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');

CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES authors (id));
INSERT INTO books VALUES (1, 1), (2, 'none');
