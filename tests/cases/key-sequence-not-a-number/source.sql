-- sqlite_sequence was edited: a text for one table, two lines for another, a line for a table that is gone: identities continue after the highest row or line
CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
INSERT INTO a VALUES (7, 'x');
INSERT INTO b VALUES (3, 'y');
UPDATE sqlite_sequence SET seq = 'abc' WHERE name = 'a';
INSERT INTO sqlite_sequence VALUES ('b', 9), ('gone', 5);
