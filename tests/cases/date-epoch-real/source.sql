-- Seconds with a fraction as REAL (Python time.time()) in a TIMESTAMP column: no form of an instant that is exact; no row is lost, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at TIMESTAMP);
INSERT INTO events VALUES (1, 1717156800.5), (2, 1717156800.123457);
