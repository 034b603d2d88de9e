-- A view with ifnull, substr and || over an integer: if it is translated it gives the same rows
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIEW labels AS SELECT id, ifnull(name, '?') || '-' || id AS label, substr(name, 1, 2) AS short FROM users ORDER BY id;
INSERT INTO users VALUES (1, 'ann'), (2, NULL);
