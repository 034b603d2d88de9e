-- Two foreign keys to one table and one over a column that is part of the primary key: all carried
PRAGMA foreign_keys=OFF;

CREATE TABLE users (id INTEGER PRIMARY KEY);
CREATE TABLE follows (who INTEGER REFERENCES users ON DELETE CASCADE, whom INTEGER REFERENCES users ON DELETE CASCADE, PRIMARY KEY (who, whom)) WITHOUT ROWID;
INSERT INTO users VALUES (1), (2);
INSERT INTO follows VALUES (1, 2), (2, 1);
