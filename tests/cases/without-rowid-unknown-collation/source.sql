-- Anki's tables WITHOUT ROWID with its own collation unicase, in the key and beside it: every row arrives; what the collation
-- decides is reported
CREATE TABLE fields (ntid INTEGER NOT NULL, ord INTEGER NOT NULL, name TEXT NOT NULL, config BLOB NOT NULL, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;
CREATE TABLE tags (tag TEXT NOT NULL PRIMARY KEY, usn INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE uses (id INTEGER PRIMARY KEY, tag TEXT REFERENCES tags (tag));
INSERT INTO fields VALUES (2, 0, 'Front', x''), (1, 1, 'back', x'01'), (1, 0, 'Ä', x'02');
INSERT INTO tags VALUES ('B', 1), ('a', 2), ('ä', 3);
INSERT INTO uses VALUES (1, 'a'), (2, 'ä'), (3, NULL);
PRAGMA writable_schema=ON;
UPDATE sqlite_master SET sql = replace(sql, 'name TEXT NOT NULL', 'name TEXT NOT NULL COLLATE unicase') WHERE name = 'fields';
UPDATE sqlite_master SET sql = replace(sql, 'tag TEXT NOT NULL', 'tag TEXT NOT NULL COLLATE "unicase"') WHERE name = 'tags';
PRAGMA writable_schema=OFF;
