-- A unique index holds many NULLs, in SQLite as in PostgreSQL
CREATE TABLE users (id INTEGER PRIMARY KEY, phone TEXT);
CREATE UNIQUE INDEX users_phone ON users (phone);
INSERT INTO users VALUES (1, NULL), (2, NULL), (3, ''), (4, '1');
