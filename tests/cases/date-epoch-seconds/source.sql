-- TIMESTAMP that holds seconds since 1970 as integers: timestamptz
CREATE TABLE events (id INTEGER PRIMARY KEY, at TIMESTAMP);
INSERT INTO events VALUES (1, 1717156800), (2, 1700000000), (3, 1735689599);
