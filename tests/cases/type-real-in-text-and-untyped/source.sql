-- 0.1 + 0.2 in an untyped column beside text: the text of that real must give the same real again (17 digits, as newer SQLite writes it; older ones wrote 0.3)
CREATE TABLE kv (id INTEGER PRIMARY KEY, v);
INSERT INTO kv VALUES (1, 0.1 + 0.2), (2, 'x');
