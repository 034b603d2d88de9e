-- The parent's key is bigint (a value over 32 bits), the child's values fit integer: the child is bigint too
PRAGMA foreign_keys=OFF;

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));
INSERT INTO users VALUES (5000000000, 'big'), (1, 'small');
INSERT INTO posts VALUES (1, 1);
