-- Django's JSONField: CHECK ((JSON_VALID("data") OR "data" IS NULL)) on text; PostgreSQL 15 has no such function: left out, check/ finding
CREATE TABLE "app_doc" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "data" text NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)));
INSERT INTO app_doc VALUES (1, '{"a": 1}'), (2, NULL);
