-- TIMESTAMP with T between date and time, without seconds too: timestamp
CREATE TABLE events (id INTEGER PRIMARY KEY, at TIMESTAMP);
INSERT INTO events VALUES (1, '2024-05-31T12:00:00'), (2, '2024-05-31T12:00'), (3, '2024-05-31 12:00');
