-- Django's PositiveIntegerField: CHECK ("n" >= 0): carried; NULL passes a check
CREATE TABLE "stock" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "n" integer unsigned NULL CHECK ("n" >= 0));
INSERT INTO stock VALUES (1, 0), (2, NULL), (3, 3000000000);
