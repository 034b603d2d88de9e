-- DATE with '' for nothing: text, a finding; '' and NULL stay apart
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATE);
INSERT INTO events VALUES (1, '2024-05-31'), (2, ''), (3, NULL);
