-- JSON with \u0000: jsonb refuses it, json takes it as it stands; not jsonb, reported, no row lost
CREATE TABLE docs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO docs VALUES (1, '{"a": "x\u0000y"}'), (2, '{"a": "\\u0000"}');
