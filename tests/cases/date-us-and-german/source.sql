-- '5/31/2024' and '31.05.2024' would be guessed at by PostgreSQL: text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATE);
INSERT INTO events VALUES (1, '5/6/2024'), (2, '31.05.2024'), (3, '20240531T');
