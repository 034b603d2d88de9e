-- A table is called like the index PostgreSQL would make for another's key (users_pkey, users_id_seq): no collision, all arrive
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
CREATE TABLE users_pkey (id INTEGER PRIMARY KEY);
CREATE TABLE users_id_seq (id INTEGER PRIMARY KEY);
CREATE TABLE users_email_key (id INTEGER PRIMARY KEY);
INSERT INTO users VALUES (1, 'a');
INSERT INTO users_pkey VALUES (5);
INSERT INTO users_id_seq VALUES (6);
