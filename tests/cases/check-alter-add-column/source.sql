-- ALTER TABLE ADD COLUMN with a default: older rows hold it without having been written; they arrive with it
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO people VALUES (1, 'a');
ALTER TABLE people ADD COLUMN plan TEXT NOT NULL DEFAULT 'free';
ALTER TABLE people ADD COLUMN score REAL DEFAULT 1;
