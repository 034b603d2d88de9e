-- Exact decimals kept as text by the application (Prisma, SQLAlchemy on SQLite): text stays text, trailing zeros too
CREATE TABLE "Price" ("id" TEXT NOT NULL PRIMARY KEY, "amount" VARCHAR(40) NOT NULL);
INSERT INTO "Price" VALUES ('p1', '10.50'), ('p2', '0.10000000000000000001');
