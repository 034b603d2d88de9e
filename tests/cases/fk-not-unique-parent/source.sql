-- A foreign key to columns that are not unique: SQLite's 'mismatch', PostgreSQL refuses it; not carried, foreign-key/ finding
PRAGMA foreign_keys=OFF;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');

CREATE TABLE books (id INTEGER PRIMARY KEY, author TEXT REFERENCES authors (name));
INSERT INTO books VALUES (1, 'Ada');
