-- Milliseconds beyond the year 294276, PostgreSQL's last: no instant there; the row is not lost
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, 9223372036854775807), (2, 1717156800123);
