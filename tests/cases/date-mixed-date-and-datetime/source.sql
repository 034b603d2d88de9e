-- DATETIME with a date without time among instants: forms are mixed; text, a finding; no midnight is invented
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00'), (2, '2024-06-01');
