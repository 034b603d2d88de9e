-- DEFAULT (strftime('%s','now')) beside epoch seconds in an INTEGER column: the type stays integer; the default is translated or left out and listed
CREATE TABLE jobs (id INTEGER PRIMARY KEY, queued INTEGER NOT NULL DEFAULT (strftime('%s','now')));
INSERT INTO jobs VALUES (1, 1717156800);
