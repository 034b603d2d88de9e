-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- options
CREATE TABLE "public"."options" (
    "name" text,
    "value" text
);
ALTER TABLE "public"."options" ADD CONSTRAINT "options_name_key" UNIQUE ("name");
