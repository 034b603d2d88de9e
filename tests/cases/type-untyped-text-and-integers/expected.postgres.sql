-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- meta
CREATE TABLE "public"."meta" (
    "key" text NOT NULL,
    "value" text
);
ALTER TABLE "public"."meta" ADD CONSTRAINT "meta_pkey" PRIMARY KEY ("key");
