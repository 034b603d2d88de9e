-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- moz_meta
CREATE TABLE "public"."moz_meta" (
    "key" text NOT NULL,
    "value" bigint
);
ALTER TABLE "public"."moz_meta" ADD CONSTRAINT "moz_meta_pkey" PRIMARY KEY ("key");
