-- Zone names and abbreviations after the time: PostgreSQL would look them up; text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at TIMESTAMP);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00 CEST'), (2, '2024-05-31 12:00:00 Europe/Berlin'), (3, '2024-05-31 12:00:00 UTC');
