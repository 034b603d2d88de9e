-- A unique index on lower(email): SQLite's lower knows ASCII only; carried so that 'Ä' and 'ä' stay two values
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE UNIQUE INDEX users_email_lower ON users (lower(email));
INSERT INTO users VALUES (1, 'Ann@x'), (2, 'bob@x'), (3, 'Ä@x'), (4, 'ä@x');
