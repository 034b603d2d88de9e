-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- odd
CREATE TABLE "public"."odd" (
    "rowid" text,
    "oid" bigint,
    "_rowid_" double precision
);
