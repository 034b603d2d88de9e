-- The column is BINARY, the unique index says COLLATE NOCASE: the index decides; unique expression index
CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT NOT NULL);
CREATE UNIQUE INDEX users_login ON users (login COLLATE NOCASE);
INSERT INTO users VALUES (1, 'Ada'), (2, 'Bob');
