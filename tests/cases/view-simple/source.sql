-- A view of columns with a WHERE: translated
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER);
CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18;
INSERT INTO users VALUES (1, 'a', 17), (2, 'b', 18), (3, 'c', NULL);
