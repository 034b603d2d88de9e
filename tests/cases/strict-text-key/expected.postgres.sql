-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- s
CREATE TABLE "public"."s" (
    "k" text NOT NULL,
    "v" integer
);
ALTER TABLE "public"."s" ADD CONSTRAINT "s_pkey" PRIMARY KEY ("k");
