-- DEFAULT '{}' and '[]' on JSON: jsonb with such a default; DEFAULT '' is none: left out, default/ finding
CREATE TABLE t (id INTEGER PRIMARY KEY, a JSON DEFAULT '{}', b JSON DEFAULT '');
INSERT INTO t VALUES (1, '{"x": 1}', '[1]');
