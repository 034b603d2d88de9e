-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- src
CREATE TABLE "public"."src" (
    "i" bigint,
    "n" numeric(5,2),
    "t" varchar(9),
    "r" double precision,
    "b" bytea
);

-- copy_of
CREATE TABLE "public"."copy_of" (
    "i" integer,
    "n" double precision,
    "t" text,
    "r" double precision,
    "b" bytea,
    "e" bigint
);
