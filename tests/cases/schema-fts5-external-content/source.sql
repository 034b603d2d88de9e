-- FTS5 over another table's content with the three triggers that keep it: the rows arrive, FTS and trigger are listed
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE search USING fts5(body, content='notes', content_rowid='id');
CREATE TRIGGER notes_ai AFTER INSERT ON notes BEGIN INSERT INTO search(rowid, body) VALUES (new.id, new.body); END;
INSERT INTO notes VALUES (1, 'hello'), (2, 'world');
