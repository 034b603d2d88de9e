-- A DATE column with '2024' holds the INTEGER 2024 (NUMERIC affinity): a year, not 1970-01-01 00:33:44; not an instant
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATE);
INSERT INTO events VALUES (1, '2024'), (2, '1999');
