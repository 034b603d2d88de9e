-- EF Core: TEXT for GUIDs in upper case and for dates with seven digits; TEXT is declared, TEXT it stays
CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY, "ProductVersion" TEXT NOT NULL);
CREATE TABLE "Orders" ("Id" TEXT NOT NULL CONSTRAINT "PK_Orders" PRIMARY KEY, "CreatedAt" TEXT NOT NULL, "Total" TEXT NOT NULL, "IsPaid" INTEGER NOT NULL);
INSERT INTO "__EFMigrationsHistory" VALUES ('20240531120000_Init', '8.0.5');
INSERT INTO "Orders" VALUES ('018F3C1E-7B2A-7C3D-8E4F-0123456789AB', '2024-05-31 12:00:00.1234567', '19.90', 1);
