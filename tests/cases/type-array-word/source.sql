-- TEXT[] and INTEGER[] are only words for SQLite; '{1,2}' in them is text
CREATE TABLE sets (id INTEGER PRIMARY KEY, tags "TEXT[]", nums "INTEGER[]");
INSERT INTO sets VALUES (1, '{a,b}', '{1,2}'), (2, NULL, '{}');
