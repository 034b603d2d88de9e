-- The highest rowid is 9223372036854775807 (AUTOINCREMENT is exhausted): bigint; the row arrives and the import does not fail
CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT);
INSERT INTO notes VALUES (9223372036854775807, 'last');
