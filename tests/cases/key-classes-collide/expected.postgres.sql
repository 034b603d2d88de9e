-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- kv
CREATE TABLE "public"."kv" (
    "k" text NOT NULL,
    "v" text
);
ALTER TABLE "public"."kv" ADD CONSTRAINT "kv_pkey" PRIMARY KEY ("k");
