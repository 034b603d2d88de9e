-- A UTF-16 database, big-endian, with names outside ASCII
PRAGMA encoding='UTF-16be';
CREATE TABLE "Größe" (id INTEGER PRIMARY KEY, "naïve" TEXT UNIQUE);
INSERT INTO "Größe" VALUES (1, 'é'), (2, 'é' || char(769));
