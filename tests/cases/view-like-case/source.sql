-- A view with LIKE, which ignores ASCII case in SQLite: if it is translated it still gives both rows
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIEW a_users AS SELECT id, name FROM users WHERE name LIKE 'a%';
INSERT INTO users VALUES (1, 'ann'), (2, 'ANN'), (3, 'bob');
