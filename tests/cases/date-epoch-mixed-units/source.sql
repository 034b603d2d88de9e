-- Seconds and milliseconds in one DATETIME column: mixed forms, no instants can be told; bigint, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, 1717156800), (2, 1717156800123);
