-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- odd
CREATE TABLE "public"."odd" (
    "rowid" text,
    "oid" bigint,
    "_rowid_" double precision
);
