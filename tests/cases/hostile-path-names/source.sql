-- Tables named like paths and options: no file outside is written (--diesel, reports), rows arrive
CREATE TABLE "../../etc/passwd" (id INTEGER PRIMARY KEY);
CREATE TABLE "-o /tmp/x" (id INTEGER PRIMARY KEY);
CREATE TABLE "CON" (id INTEGER PRIMARY KEY);
INSERT INTO "../../etc/passwd" VALUES (1);
