-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- counters
CREATE TABLE "public"."counters" (
    "id" bigint NOT NULL,
    "hits" bigint
);
ALTER TABLE "public"."counters" ADD CONSTRAINT "counters_pkey" PRIMARY KEY ("id");
