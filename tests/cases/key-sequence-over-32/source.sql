-- The rows fit 32 bits but sqlite_sequence stands at 5000000000: the next value is 5000000001, so that integer would be too small: bigint
CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT);
INSERT INTO notes VALUES (1, 'a');
UPDATE sqlite_sequence SET seq = 5000000000 WHERE name = 'notes';
