-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- objects
CREATE TABLE "public"."objects" (
    "sha" bytea NOT NULL,
    "size" integer
);
ALTER TABLE "public"."objects" ADD CONSTRAINT "objects_pkey" PRIMARY KEY ("sha");
