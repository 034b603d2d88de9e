-- A messenger's table: self reference, partial index, JSON in TEXT, milliseconds in INTEGER, an FTS5 index with triggers beside it: rows arrive, FTS and
-- trigger listed
CREATE TABLE messages (rowid INTEGER PRIMARY KEY ASC, id STRING UNIQUE, json TEXT, unread INTEGER, sent_at INTEGER, quoted_id TEXT, body TEXT);
CREATE INDEX messages_unread ON messages (sent_at) WHERE unread = 1;
CREATE VIRTUAL TABLE messages_fts USING fts5(body);
CREATE TRIGGER messages_on_insert AFTER INSERT ON messages BEGIN INSERT INTO messages_fts (rowid, body) VALUES (new.rowid, new.body); END;
INSERT INTO messages VALUES (1, 'a1b2-x', '{"id":"a1b2-x"}', 1, 1717156800123, NULL, 'hi 👋'), (2, 'c3d4-y', '{}', 0, 1717156800999, 'a1b2-x', NULL);
