-- A DATETIME column with a blob: bytea, a finding, no row lost
CREATE TABLE logs (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO logs VALUES (1, '2024-05-31 12:00:00'), (2, x'0102');
