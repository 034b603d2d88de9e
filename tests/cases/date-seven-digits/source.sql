-- .NET's seven digits after the second: PostgreSQL would round .9999999 into the next second; text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00.1234567'), (2, '2024-12-31 23:59:59.9999999');
