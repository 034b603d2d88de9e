-- The parent's column is unique only WHERE deleted = 0: no key to refer to; not carried, foreign-key/ finding
PRAGMA foreign_keys=OFF;

CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT, deleted INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX users_login ON users (login) WHERE deleted = 0;
CREATE TABLE posts (id INTEGER PRIMARY KEY, login TEXT REFERENCES users (login));
INSERT INTO users VALUES (1, 'a', 0), (2, 'a', 1);
INSERT INTO posts VALUES (1, 'a');
