-- A DATETIME column with a blob: timestamp, and that row is rejected, named
CREATE TABLE logs (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO logs VALUES (1, '2024-05-31 12:00:00'), (2, x'0102');
