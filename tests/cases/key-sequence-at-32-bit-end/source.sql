-- The highest key is 2147483647: it fits integer, but no next value would; the row arrives and the import does not fail
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO notes VALUES (2147483647, 'last');
