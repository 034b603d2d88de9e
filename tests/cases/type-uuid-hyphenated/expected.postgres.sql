-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- sessions
CREATE TABLE "public"."sessions" (
    "id" uuid NOT NULL,
    "owner" uuid
);
ALTER TABLE "public"."sessions" ADD CONSTRAINT "sessions_pkey" PRIMARY KEY ("id");
