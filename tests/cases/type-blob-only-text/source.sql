-- A BLOB column that holds text only: every character arrives, whether as bytea or as text; reported
CREATE TABLE cache (id INTEGER PRIMARY KEY, body BLOB);
INSERT INTO cache VALUES (1, '{"a":1}'), (2, 'é');
