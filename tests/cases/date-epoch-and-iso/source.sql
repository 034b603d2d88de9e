-- Epoch seconds and ISO text in one DATETIME column: mixed forms; text, a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, 1717156800), (2, '2024-05-31 12:00:00');
