-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- kv
CREATE TABLE "public"."kv" (
    "k" text NOT NULL,
    "v" text
);
ALTER TABLE "public"."kv" ADD CONSTRAINT "kv_pkey" PRIMARY KEY ("k");
