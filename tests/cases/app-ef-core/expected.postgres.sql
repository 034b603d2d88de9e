-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- __EFMigrationsHistory
CREATE TABLE "public"."__EFMigrationsHistory" (
    "MigrationId" text NOT NULL,
    "ProductVersion" text NOT NULL
);
ALTER TABLE "public"."__EFMigrationsHistory" ADD CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId");

-- Orders
CREATE TABLE "public"."Orders" (
    "Id" text NOT NULL,
    "CreatedAt" text NOT NULL,
    "Total" text NOT NULL,
    "IsPaid" integer NOT NULL
);
ALTER TABLE "public"."Orders" ADD CONSTRAINT "PK_Orders" PRIMARY KEY ("Id");
