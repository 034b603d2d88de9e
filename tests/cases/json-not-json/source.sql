-- A JSON column holds 'undefined' and single quotes: text, reported; nothing lost
CREATE TABLE prefs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO prefs VALUES (1, '{"ok": true}'), (2, 'undefined'), (3, '{''a'': 1}'), (4, '{"a": 1,}');
