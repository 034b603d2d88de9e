-- Django's JSONField: CHECK ((JSON_VALID("data") OR "data" IS NULL)) on text: a cast to json refuses the same rows, with an error of the class 22
CREATE TABLE "app_doc" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "data" text NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)));
INSERT INTO app_doc VALUES (1, '{"a": 1}'), (2, NULL);
