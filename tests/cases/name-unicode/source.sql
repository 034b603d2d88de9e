-- Names in German, Chinese and with an emoji; and one letter in two normal forms, which are two names: kept exactly
CREATE TABLE "Größen" (id INTEGER PRIMARY KEY, "名字" TEXT, "😀" INTEGER, "café" TEXT, "café" TEXT);
INSERT INTO "Größen" VALUES (1, 'a', 2, 'nfc', 'nfd');
