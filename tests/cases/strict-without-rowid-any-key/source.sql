-- STRICT, WITHOUT ROWID, the key ANY with integers and texts: text; 1 and 'a' stay apart
CREATE TABLE m (k ANY PRIMARY KEY, v TEXT) STRICT, WITHOUT ROWID;
INSERT INTO m VALUES (1, 'i'), ('a', 't');
