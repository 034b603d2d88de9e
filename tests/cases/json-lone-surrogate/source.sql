-- JSON with the escape of a lone surrogate: jsonb refuses it; json as it stands, reported
CREATE TABLE docs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO docs VALUES (1, '{"a": "\ud83d"}'), (2, '{"a": "\ud83d\ude00"}');
