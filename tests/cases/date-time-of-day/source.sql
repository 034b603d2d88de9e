-- TIME with and without seconds and fraction: time
CREATE TABLE events (id INTEGER PRIMARY KEY, at TIME);
INSERT INTO events VALUES (1, '09:30'), (2, '23:59:59.999999'), (3, '00:00:00'), (4, '12:00:00.5');
