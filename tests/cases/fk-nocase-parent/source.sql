-- The parent's key is NOCASE: the child 'ADA' refers to 'ada' in SQLite, not in PostgreSQL; rows stay, the key is NOT VALID or not carried, said
PRAGMA foreign_keys=OFF;

CREATE TABLE logins (name TEXT COLLATE NOCASE PRIMARY KEY);
CREATE TABLE posts (id INTEGER PRIMARY KEY, login TEXT REFERENCES logins (name));
INSERT INTO logins VALUES ('ada');
INSERT INTO posts VALUES (1, 'ada'), (2, 'ADA');
