-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- memberships
CREATE TABLE "public"."memberships" (
    "team" integer NOT NULL,
    "person" integer NOT NULL
);
ALTER TABLE "public"."memberships" ADD CONSTRAINT "one_each" UNIQUE ("person", "team");
