-- An updated_at trigger (Rails-like): never carried, trigger/ finding; the import must not run it: updated_at stays 'old'
CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT, updated_at TEXT);
INSERT INTO posts VALUES (1, 'a', 'old');
CREATE TRIGGER posts_touch AFTER UPDATE ON posts BEGIN UPDATE posts SET updated_at = datetime('now') WHERE id = new.id; END;
CREATE TRIGGER posts_guard BEFORE DELETE ON posts WHEN old.id = 1 BEGIN SELECT RAISE(ABORT, 'no'); END;
