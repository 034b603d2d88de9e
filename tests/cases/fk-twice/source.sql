-- The same foreign key declared twice, at the column and at the table: one or two of it, no failure
PRAGMA foreign_keys=OFF;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');

CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES authors (id), FOREIGN KEY (author_id) REFERENCES authors (id));
INSERT INTO books VALUES (1, 1);
