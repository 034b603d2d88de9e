-- A partial index WHERE active = 1 on a column that becomes boolean: the 1 must become true
CREATE TABLE users (id INTEGER PRIMARY KEY, team INTEGER NOT NULL, active BOOLEAN NOT NULL);
CREATE UNIQUE INDEX one_active ON users (team) WHERE active = 1;
INSERT INTO users VALUES (1, 1, 1), (2, 1, 0), (3, 1, 0);
