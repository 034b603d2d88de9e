-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- moz_perms
CREATE TABLE "public"."moz_perms" (
    "origin" text NOT NULL,
    "type" text NOT NULL,
    "permission" integer
);
ALTER TABLE "public"."moz_perms" ADD CONSTRAINT "moz_perms_pkey" PRIMARY KEY ("origin", "type");
