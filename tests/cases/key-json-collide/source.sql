-- A UNIQUE JSON column holds one object in two spellings: two values in SQLite, one as jsonb; both rows arrive, or what does not is named
CREATE TABLE filters (id INTEGER PRIMARY KEY, f JSON UNIQUE);
INSERT INTO filters VALUES (1, '{"a":1}'), (2, '{ "a": 1 }');
