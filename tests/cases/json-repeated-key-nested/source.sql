-- The repeated key is two levels down, once as an escape ('a' and '\u0061'): json, reported
CREATE TABLE events (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO events VALUES (1, '[{"x": {"a": 1, "\u0061": 2}}]');
