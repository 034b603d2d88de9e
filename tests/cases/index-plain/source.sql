-- Plain, composite and descending indexes: carried; a UNIQUE constraint is one too
CREATE TABLE posts (id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, at INTEGER, author INTEGER);
CREATE INDEX posts_at ON posts (at DESC);
CREATE INDEX posts_author_at ON posts (author, at DESC, id);
INSERT INTO posts VALUES (1, 'a', 1, 1), (2, 'b', NULL, 1);
