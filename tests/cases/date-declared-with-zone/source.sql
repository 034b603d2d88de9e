-- Declared TIMESTAMP WITH TIME ZONE, but no value has an offset: timestamp, since no zone is known; a finding
CREATE TABLE events (id INTEGER PRIMARY KEY, at TIMESTAMP WITH TIME ZONE);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00'), (2, '2024-05-31 12:00:00.25');
