-- A JSON column holds '' for nothing: text, reported; not NULL
CREATE TABLE prefs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO prefs VALUES (1, ''), (2, '{}'), (3, NULL);
