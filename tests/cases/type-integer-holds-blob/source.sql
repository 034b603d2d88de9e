-- An INTEGER column holds a blob: integer, and that row is rejected, named
CREATE TABLE prefs (id INTEGER PRIMARY KEY, value INTEGER);
INSERT INTO prefs VALUES (1, 7), (2, x'00ff');
