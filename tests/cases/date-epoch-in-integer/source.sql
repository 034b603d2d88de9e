-- Seconds and microseconds in columns declared INTEGER are numbers: integer and bigint, not guessed to be instants
CREATE TABLE events (id INTEGER PRIMARY KEY, at INTEGER NOT NULL);
INSERT INTO events VALUES (1, 1717156800), (2, 1700000000);
