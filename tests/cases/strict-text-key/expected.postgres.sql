-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- s
CREATE TABLE "public"."s" (
    "k" text NOT NULL,
    "v" integer
);
ALTER TABLE "public"."s" ADD CONSTRAINT "s_pkey" PRIMARY KEY ("k");
