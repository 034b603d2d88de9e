-- One column refers, without naming columns, to a parent with a key of two: not carried, foreign-key/ finding; the good one beside it is
PRAGMA foreign_keys=OFF;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');

CREATE TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (a, b));
CREATE TABLE uses (id INTEGER PRIMARY KEY, pair INTEGER REFERENCES pairs, author INTEGER REFERENCES authors);
INSERT INTO pairs VALUES (1, 2);
INSERT INTO uses VALUES (1, 1, 2);
