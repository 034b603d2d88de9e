-- UNIQUE (team, name) with name NOCASE: one expression among the terms
CREATE TABLE players (id INTEGER PRIMARY KEY, team INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, UNIQUE (team, name));
INSERT INTO players VALUES (1, 1, 'Ann'), (2, 2, 'ann');
