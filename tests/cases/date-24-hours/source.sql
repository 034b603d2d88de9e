-- '24:00:00' and a leap second: PostgreSQL would make the next day of them; text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31 24:00:00'), (2, '2016-12-31 23:59:60'), (3, '2024-05-31 12:00:00');
