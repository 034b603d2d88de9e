-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- prices
CREATE TABLE "public"."prices" (
    "day" text NOT NULL,
    "at" integer NOT NULL,
    "p" double precision
);
ALTER TABLE "public"."prices" ADD CONSTRAINT "prices_pkey" PRIMARY KEY ("day", "at");
