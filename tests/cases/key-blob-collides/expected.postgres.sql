-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- objects
CREATE TABLE "public"."objects" (
    "sha" bytea NOT NULL,
    "size" integer
);
ALTER TABLE "public"."objects" ADD CONSTRAINT "objects_pkey" PRIMARY KEY ("sha");
