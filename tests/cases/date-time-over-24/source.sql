-- TIME that holds durations ('25:10:00', '-01:00:00', '24:00:00'): text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at TIME);
INSERT INTO events VALUES (1, '25:10:00'), (2, '-01:00:00'), (3, '24:00:00'), (4, '08:00:00');
