-- JSON numbers of more digits than a double: jsonb keeps them all
CREATE TABLE docs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO docs VALUES (1, '{"n": 12345678901234567890.12345678901234567890}'), (2, '[1.10, 9007199254740993]');
