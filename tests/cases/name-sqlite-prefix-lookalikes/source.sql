-- Tables named sqlites, sqliteXdata and SQLite_: a careless NOT LIKE 'sqlite_%' loses them; all arrive
CREATE TABLE sqlites (id INTEGER PRIMARY KEY);
CREATE TABLE sqliteXdata (id INTEGER PRIMARY KEY);
CREATE TABLE "sqlit_e" (id INTEGER PRIMARY KEY);
INSERT INTO sqlites VALUES (1);
INSERT INTO sqliteXdata VALUES (1), (2);
