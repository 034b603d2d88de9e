-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- options
CREATE TABLE "public"."options" (
    "name" text,
    "value" text
);
ALTER TABLE "public"."options" ADD CONSTRAINT "options_name_key" UNIQUE ("name");
