-- BOOLEAN with 't' and 'f' (Rails before 5.2): not taken for truth values by default; text, a widening
CREATE TABLE "posts" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "published" boolean DEFAULT 'f');
INSERT INTO posts VALUES (1, 't'), (2, 'f');
