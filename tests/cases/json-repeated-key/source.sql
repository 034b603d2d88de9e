-- JSON in which a key is repeated: jsonb would drop the first; json, the text as it stands, reported
CREATE TABLE events (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO events VALUES (1, '{"a": 1, "a": 2}'), (2, '{ "b" :  3 }');
