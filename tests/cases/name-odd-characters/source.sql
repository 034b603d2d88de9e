-- Spaces, dots, quotes, a newline, a percent sign and a backslash in names: kept exactly, always quoted
CREATE TABLE "my ""odd"" table" (id INTEGER PRIMARY KEY, "a.b" TEXT, "c d" TEXT, "e
f" TEXT, "100%" TEXT, "g\h" TEXT, "it's" TEXT, " " TEXT);
INSERT INTO "my ""odd"" table" VALUES (1, '1', '2', '3', '4', '5', '6', '7');
