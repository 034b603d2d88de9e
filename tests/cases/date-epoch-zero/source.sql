-- 0 for 'never' among epoch seconds in a DATETIME column: no row is lost, and 0 is 0 or 1970-01-01 00:00:00 UTC, nothing else
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME NOT NULL DEFAULT 0);
INSERT INTO events VALUES (1, 0), (2, 1717156800), (3, 1700000000);
