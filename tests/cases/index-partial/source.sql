-- A partial unique index (soft delete): carried with its WHERE
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, deleted_at TEXT);
CREATE UNIQUE INDEX users_live_email ON users (email) WHERE deleted_at IS NULL;
INSERT INTO users VALUES (1, 'a@x', NULL), (2, 'a@x', '2024-01-01'), (3, 'a@x', '2024-02-01');
