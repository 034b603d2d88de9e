-- Offsets no zone has ('+25:00', '+02:99') or without a colon: not guessed at; no row is lost, and a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00+25:00'), (2, '2024-05-31 12:00:00+02:99'), (3, '2024-05-31 12:00:00+02:00');
