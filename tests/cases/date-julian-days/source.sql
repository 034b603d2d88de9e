-- DATETIME as Julian days (REAL): timestamp, to SQLite's millisecond
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, 2460461.25), (2, 2451544.75);
