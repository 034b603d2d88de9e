-- JSON in a TEXT column stays text, spaces and key order too
CREATE TABLE docs (id INTEGER PRIMARY KEY, data TEXT NOT NULL DEFAULT '{}');
INSERT INTO docs VALUES (1, '{"b": 1,  "a": 2}');
