-- An FTS5 table with its five shadow tables beside an ordinary table: listed (schema/), no shadow table in the target
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO notes VALUES (1, 'hello world');
CREATE VIRTUAL TABLE notes_fts USING fts5(body);
INSERT INTO notes_fts VALUES ('hello world');
