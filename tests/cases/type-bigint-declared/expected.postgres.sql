-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- counters
CREATE TABLE "public"."counters" (
    "id" bigint NOT NULL,
    "hits" bigint
);
ALTER TABLE "public"."counters" ADD CONSTRAINT "counters_pkey" PRIMARY KEY ("id");
