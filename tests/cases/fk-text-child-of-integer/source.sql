-- A TEXT child refers to an INTEGER key: '1' matches 1 in SQLite; both keep their types, and the key that cannot be between them is listed
PRAGMA foreign_keys=OFF;

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id TEXT REFERENCES users (id));
INSERT INTO users VALUES (1, 'a'), (22, 'b');
INSERT INTO posts VALUES (1, '1'), (2, '22'), (3, NULL);
