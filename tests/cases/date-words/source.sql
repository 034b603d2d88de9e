-- 'now', 'today', 'infinity' and 'epoch' mean something to PostgreSQL's input: here they are text; text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at TIMESTAMP);
INSERT INTO events VALUES (1, 'now'), (2, 'today'), (3, 'infinity'), (4, 'epoch'), (5, '2024-05-31 12:00:00');
