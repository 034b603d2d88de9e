-- DATETIME with different offsets in every row: timestamptz, the same instants; the offsets themselves are not kept by PostgreSQL
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31T12:00:00+02:00'), (2, '2024-05-31T12:00:00+05:30'), (3, '2024-05-31T12:00:00-03:30'), (4, '2024-01-01T00:30:00+01:00');
