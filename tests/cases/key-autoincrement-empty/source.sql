-- AUTOINCREMENT table that was filled and emptied: no rows, and the identity continues at 8
CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
INSERT INTO jobs VALUES (7, 'x');
DELETE FROM jobs;
