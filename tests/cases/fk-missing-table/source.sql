-- A foreign key to a table that is not there ("users_old", left over from a rename): not carried, foreign-key/ finding, rows arrive
PRAGMA foreign_keys=OFF;

CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES "users_old" (id));
INSERT INTO posts VALUES (1, 5);
