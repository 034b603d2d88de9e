-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- app_key
CREATE TABLE "public"."app_key" (
    "id" varchar(32) NOT NULL,
    "name" varchar(50) NOT NULL
);
ALTER TABLE "public"."app_key" ADD CONSTRAINT "app_key_pkey" PRIMARY KEY ("id");
