-- DATETIME with an offset in some values and none in others: no one type is true of both; text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00'), (2, '2024-05-31 12:00:00+02:00');
