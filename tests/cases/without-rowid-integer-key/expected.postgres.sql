-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- t
CREATE TABLE "public"."t" (
    "id" integer NOT NULL,
    "v" text
);
ALTER TABLE "public"."t" ADD CONSTRAINT "t_pkey" PRIMARY KEY ("id");
