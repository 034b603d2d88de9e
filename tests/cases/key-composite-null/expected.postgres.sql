-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- parts
CREATE TABLE "public"."parts" (
    "a" integer NOT NULL,
    "b" integer
);
ALTER TABLE "public"."parts" ADD CONSTRAINT "parts_a_b_key" UNIQUE ("a", "b");
