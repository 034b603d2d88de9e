-- The parent's row is rejected (NUL in its name), its child is fine: the child stays, the foreign key is NOT VALID, both are named
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));
INSERT INTO users VALUES (1, 'a'), (2, 'b' || char(0));
INSERT INTO posts VALUES (1, 1), (2, 2);
