-- JSON with objects, arrays, strings and null: jsonb (keys come in its order)
CREATE TABLE events (id INTEGER PRIMARY KEY, data JSON NOT NULL);
INSERT INTO events VALUES (1, '{"b": 1, "a": [1, 2.50, "x"]}'), (2, '[]'), (3, '"ü"'), (4, 'null'), (5, '{}');
