-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- airports
CREATE TABLE "public"."airports" (
    "code" text NOT NULL,
    "name" text
);
ALTER TABLE "public"."airports" ADD CONSTRAINT "airports_pkey" PRIMARY KEY ("code");
ALTER TABLE "public"."airports" ADD CONSTRAINT "airports_code_check" CHECK (length("code") = 3 AND "code" = upper("code" COLLATE "C"));
