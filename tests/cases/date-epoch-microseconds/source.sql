-- DATETIME that holds microseconds since 1970 (Firefox): timestamptz, microseconds kept
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, 1717156800123456), (2, 1700000000000000), (3, 1735689599999999);
