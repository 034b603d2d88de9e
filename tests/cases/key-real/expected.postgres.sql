-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- steps
CREATE TABLE "public"."steps" (
    "at" double precision NOT NULL,
    "v" text
);
ALTER TABLE "public"."steps" ADD CONSTRAINT "steps_pkey" PRIMARY KEY ("at");
