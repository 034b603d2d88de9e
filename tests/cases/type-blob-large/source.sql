-- A blob of 5 MB and a text of 2 MB: both arrive
CREATE TABLE files (id INTEGER PRIMARY KEY, data BLOB, body TEXT);
INSERT INTO files VALUES (1, zeroblob(5000000), NULL), (2, NULL, hex(zeroblob(1000000)));
