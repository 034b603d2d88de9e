-- The column is NOCASE, the unique index says COLLATE BINARY: 'ada' and 'Ada' may stand side by side, and do
CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT COLLATE NOCASE NOT NULL);
CREATE UNIQUE INDEX users_login ON users (login COLLATE BINARY);
INSERT INTO users VALUES (1, 'Ada'), (2, 'ada');
