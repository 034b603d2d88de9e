-- DATE that holds a time of day as well: timestamp, nothing cut off; a widening
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATE);
INSERT INTO events VALUES (1, '2024-05-31 00:00:00'), (2, '2024-06-01 13:45:00');
