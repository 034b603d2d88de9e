-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- codes
CREATE TABLE "public"."codes" (
    "id" integer NOT NULL,
    "name" text
);
ALTER TABLE "public"."codes" ADD CONSTRAINT "codes_pkey" PRIMARY KEY ("id");
