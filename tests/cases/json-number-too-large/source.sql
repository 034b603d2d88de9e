-- JSON with 1e200000: valid JSON, but jsonb's numbers end before; not jsonb, no row lost
CREATE TABLE docs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO docs VALUES (1, '{"n": 1e200000}'), (2, '{"n": 1}');
