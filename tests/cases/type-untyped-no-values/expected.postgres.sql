-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- empty_one
CREATE TABLE "public"."empty_one" (
    "a" text,
    "b" text
);

-- nulls_only
CREATE TABLE "public"."nulls_only" (
    "a" text,
    "b" text
);
