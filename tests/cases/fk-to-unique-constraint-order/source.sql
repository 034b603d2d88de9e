-- A composite key to UNIQUE (b, a), referred to as (a, b): PostgreSQL finds it; carried
PRAGMA foreign_keys=OFF;

CREATE TABLE p (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, UNIQUE (b, a));
CREATE TABLE c (id INTEGER PRIMARY KEY, pa INTEGER, pb INTEGER, FOREIGN KEY (pa, pb) REFERENCES p (a, b) MATCH FULL);
INSERT INTO p VALUES (1, 1, 2);
INSERT INTO c VALUES (1, 1, 2), (2, 1, NULL);
