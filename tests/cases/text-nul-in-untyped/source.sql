-- NUL in one text of an untyped column with integers: text for the others, that row is rejected
CREATE TABLE kv (k INTEGER PRIMARY KEY, v);
INSERT INTO kv VALUES (1, 5), (2, 'a' || char(0)), (3, 'b');
