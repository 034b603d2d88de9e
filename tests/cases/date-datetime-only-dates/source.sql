-- DATETIME that holds dates only: date
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31'), (2, '2024-06-01');
