-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- hosts
CREATE TABLE "public"."hosts" (
    "name" text NOT NULL,
    "ip" text
);
ALTER TABLE "public"."hosts" ADD CONSTRAINT "hosts_pkey" PRIMARY KEY ("name");
CREATE UNIQUE INDEX "hosts_name_key" ON "public"."hosts" (lower("name" COLLATE "C"));
