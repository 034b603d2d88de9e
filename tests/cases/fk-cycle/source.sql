-- Two tables that refer to each other: both foreign keys carried
PRAGMA foreign_keys=OFF;

CREATE TABLE teams (id INTEGER PRIMARY KEY, captain_id INTEGER REFERENCES players (id));
CREATE TABLE players (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL REFERENCES teams (id));
INSERT INTO teams VALUES (1, 10), (2, NULL);
INSERT INTO players VALUES (10, 1), (11, 2);
