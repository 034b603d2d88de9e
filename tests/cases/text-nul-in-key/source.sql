-- The parent's row has NUL in a TEXT key and is rejected: its children are then without parent; they stay, the key is NOT VALID
CREATE TABLE langs (code TEXT PRIMARY KEY);
CREATE TABLE pages (id INTEGER PRIMARY KEY, lang TEXT REFERENCES langs (code));
INSERT INTO langs VALUES ('de'), ('x' || char(0));
INSERT INTO pages VALUES (1, 'de'), (2, NULL);
