-- A view WHERE active = 1 over a column that becomes boolean: if it is translated it gives the same rows
CREATE TABLE users (id INTEGER PRIMARY KEY, active BOOLEAN NOT NULL);
CREATE VIEW active_users AS SELECT id FROM users WHERE active = 1;
CREATE VIEW inactive_users AS SELECT id FROM users WHERE NOT active;
INSERT INTO users VALUES (1, 1), (2, 0), (3, 1);
