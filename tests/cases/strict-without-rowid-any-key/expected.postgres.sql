-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- m
CREATE TABLE "public"."m" (
    "k" text NOT NULL,
    "v" text
);
ALTER TABLE "public"."m" ADD CONSTRAINT "m_pkey" PRIMARY KEY ("k");
