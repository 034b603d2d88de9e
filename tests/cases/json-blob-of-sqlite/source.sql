-- A JSON column that holds SQLite's own binary JSON (3.45's jsonb()), here of {"a": 1}: not JSON text; jsonb, and that row is rejected, named
CREATE TABLE docs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO docs VALUES (1, x'4c17611331'), (2, '{"a":1}');
