-- 30 February and 29 February 2023: PostgreSQL has no such days; text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATE);
INSERT INTO events VALUES (1, '2024-02-30'), (2, '2023-02-29'), (3, '2024-02-29');
