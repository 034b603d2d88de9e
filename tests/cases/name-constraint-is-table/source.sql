-- A UNIQUE constraint has its own table's name: PostgreSQL's index would collide with the table; renamed, name/ finding, uniqueness kept
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, CONSTRAINT users UNIQUE (email));
INSERT INTO users VALUES (1, 'a');
