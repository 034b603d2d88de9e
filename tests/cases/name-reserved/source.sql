-- Reserved words as names: kept, quoted
CREATE TABLE "order" ("select" INTEGER PRIMARY KEY, "user" TEXT, "group" TEXT, "primary" TEXT, "from" TEXT, "analyse" TEXT, "end" TEXT);
CREATE INDEX "table" ON "order" ("group", "user");
INSERT INTO "order" VALUES (1, 'a', 'b', 'c', 'd', 'e', 'f');
