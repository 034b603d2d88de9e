-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- Price
CREATE TABLE "public"."Price" (
    "id" text NOT NULL,
    "amount" varchar(40) NOT NULL
);
ALTER TABLE "public"."Price" ADD CONSTRAINT "Price_pkey" PRIMARY KEY ("id");
