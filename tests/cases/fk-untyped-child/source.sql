-- A child column without a type refers to a TEXT key: text, carried
PRAGMA foreign_keys=OFF;

CREATE TABLE langs (code TEXT PRIMARY KEY);
CREATE TABLE pages (id INTEGER PRIMARY KEY, lang REFERENCES langs (code));
INSERT INTO langs VALUES ('de'), ('en');
INSERT INTO pages VALUES (1, 'de'), (2, NULL);
