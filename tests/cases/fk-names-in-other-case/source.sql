-- The reference spells table and column in another case than they were made: carried, in the parent's spelling
PRAGMA foreign_keys=OFF;

CREATE TABLE Authors (AuthorId INTEGER PRIMARY KEY, Name TEXT);
CREATE TABLE books (id INTEGER PRIMARY KEY, AUTHOR INTEGER, FOREIGN KEY (author) REFERENCES AUTHORS (authorid));
INSERT INTO Authors VALUES (1, 'Ada');
INSERT INTO books VALUES (1, 1);
