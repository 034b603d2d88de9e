-- A C string stored with its closing NUL: rejected too, never cut at the NUL
CREATE TABLE posts (id INTEGER PRIMARY KEY, body VARCHAR(10));
INSERT INTO posts VALUES (1, 'abc' || char(0)), (2, 'abc');
