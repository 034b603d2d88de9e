-- Some thousand rows: keys that are rowids, texts, pairs, and none; a text with NUL and an orphan.
PRAGMA foreign_keys = OFF;
CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE, born DATE);
CREATE TABLE orders (code TEXT PRIMARY KEY, person INTEGER REFERENCES people (id), total DECIMAL(10, 2), at DATETIME) WITHOUT ROWID;
CREATE TABLE items (code TEXT NOT NULL REFERENCES orders (code), line INTEGER NOT NULL, text TEXT, PRIMARY KEY (code, line));
CREATE TABLE log (at INTEGER, line TEXT);
CREATE INDEX log_at ON log (at);
CREATE INDEX orders_person ON orders (person) WHERE total > 100;
CREATE TRIGGER people_touch AFTER UPDATE ON people BEGIN SELECT 1; END;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO people SELECT i * 3, 'person ' || i, date('2000-01-01', i || ' days') FROM n;
INSERT INTO orders SELECT printf('%05d-%x', id, id * 7919 % 4096), id, id * 1.25, datetime(id * 86400, 'unixepoch') FROM people;
INSERT INTO orders VALUES ('orphan', 1, 1, NULL), ('nul', 5, 12.5, NULL);
INSERT INTO items SELECT code, 1, CASE WHEN code = 'nul' THEN 'a' || char(0) || 'b' ELSE code END FROM orders;
INSERT INTO items SELECT code, 2, NULL FROM orders WHERE total > 500;
INSERT INTO log SELECT id, name FROM people;
INSERT INTO log SELECT id, name FROM people WHERE id % 2 = 0;
