-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- t
CREATE TABLE "public"."t" (
    "a" text NOT NULL,
    "b" text NOT NULL,
    "c" text
);
ALTER TABLE "public"."t" ADD CONSTRAINT "t_pkey" PRIMARY KEY ("a", "b");
