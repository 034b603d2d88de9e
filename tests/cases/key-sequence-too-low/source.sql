-- sqlite_sequence was set back below the highest row by hand: the identity continues after the highest row (51), as SQLite does
CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT);
INSERT INTO notes VALUES (50, 'a');
UPDATE sqlite_sequence SET seq = 3 WHERE name = 'notes';
