-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- steps
CREATE TABLE "public"."steps" (
    "at" double precision NOT NULL,
    "v" text
);
ALTER TABLE "public"."steps" ADD CONSTRAINT "steps_pkey" PRIMARY KEY ("at");
