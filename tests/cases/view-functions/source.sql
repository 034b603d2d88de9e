-- A view with strftime and json_each: not translated, view/ finding
CREATE TABLE docs (id INTEGER PRIMARY KEY, at TEXT, tags TEXT);
CREATE VIEW tag_years AS SELECT strftime('%Y-%W', d.at, 'weekday 1') AS w, t.value FROM docs d, json_each(d.tags) t;
INSERT INTO docs VALUES (1, '2024-05-31', '["a","b"]');
