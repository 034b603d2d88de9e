-- A MySQL dump's zero date: no day of any calendar; text, a finding, never NULL or 0001-01-01
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00'), (2, '0000-00-00 00:00:00');
