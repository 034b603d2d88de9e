-- An INTEGER child refers to a TEXT key: 1 matches '1' in SQLite (the parent's affinity counts); text on both sides
PRAGMA foreign_keys=OFF;

CREATE TABLE langs (code TEXT PRIMARY KEY);
CREATE TABLE pages (id INTEGER PRIMARY KEY, lang INTEGER REFERENCES langs (code));
INSERT INTO langs VALUES ('1'), ('22'), ('x');
INSERT INTO pages VALUES (1, 1), (2, 22), (3, NULL);
