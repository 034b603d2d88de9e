-- An INTEGER column holds a blob: bytea, a widening, no row lost
CREATE TABLE prefs (id INTEGER PRIMARY KEY, value INTEGER);
INSERT INTO prefs VALUES (1, 7), (2, x'00ff');
