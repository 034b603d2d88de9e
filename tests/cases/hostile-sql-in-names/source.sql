-- SQL in the names of table, column, index and constraint: names, nothing runs; the bystander table is there afterwards
CREATE TABLE bystander (id INTEGER PRIMARY KEY);
INSERT INTO bystander VALUES (1);
CREATE TABLE "x""; DROP TABLE bystander; --" (id INTEGER PRIMARY KEY, "a"" int); DROP TABLE bystander; --" TEXT, CONSTRAINT "c""; DROP TABLE bystander" UNIQUE ("a"" int); DROP TABLE bystander; --"));
CREATE INDEX "i"" ON bystander; DROP TABLE bystander; --" ON "x""; DROP TABLE bystander; --" ("a"" int); DROP TABLE bystander; --", id);
INSERT INTO "x""; DROP TABLE bystander; --" VALUES (1, 'v');
