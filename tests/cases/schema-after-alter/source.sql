-- Columns renamed, dropped and added, a table renamed with its references: the schema as it is now
CREATE TABLE old_users (id INTEGER PRIMARY KEY, mail TEXT, dead TEXT, CHECK (length(mail) > 0));
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES old_users (id));
CREATE INDEX users_mail ON old_users (mail);
INSERT INTO old_users VALUES (1, 'a', 'x');
INSERT INTO posts VALUES (1, 1);
ALTER TABLE old_users RENAME TO users;
ALTER TABLE users RENAME COLUMN mail TO email;
ALTER TABLE users DROP COLUMN dead;
ALTER TABLE users ADD COLUMN age INTEGER;
