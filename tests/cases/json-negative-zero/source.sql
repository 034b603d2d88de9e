-- JSON with -0.0: jsonb has no negative zero and would give 0.0; no row is lost, whichever type it gets
CREATE TABLE docs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO docs VALUES (1, '[-0.0]'), (2, '[1]');
