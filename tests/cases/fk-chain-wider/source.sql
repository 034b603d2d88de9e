-- Three tables in a chain of keys; only the first holds a value over 32 bits: all three are bigint
PRAGMA foreign_keys=OFF;

CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE b (id INTEGER PRIMARY KEY REFERENCES a (id));
CREATE TABLE c (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b (id));
INSERT INTO a VALUES (5000000000), (1);
INSERT INTO b VALUES (1);
INSERT INTO c VALUES (2, 1);
