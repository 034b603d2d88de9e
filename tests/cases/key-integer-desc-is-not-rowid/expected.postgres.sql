-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- codes
CREATE TABLE "public"."codes" (
    "id" integer NOT NULL,
    "name" text
);
ALTER TABLE "public"."codes" ADD CONSTRAINT "codes_pkey" PRIMARY KEY ("id");
