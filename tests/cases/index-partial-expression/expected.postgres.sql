-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- log
CREATE TABLE "public"."log" (
    "line" text,
    "at" integer
);
CREATE UNIQUE INDEX "log_at" ON "public"."log" ("at") WHERE ("line" IS NOT NULL AND "at" > 0);
