-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- memberships
CREATE TABLE "public"."memberships" (
    "team" integer NOT NULL,
    "person" integer NOT NULL
);
ALTER TABLE "public"."memberships" ADD CONSTRAINT "one_each" UNIQUE ("person", "team");
