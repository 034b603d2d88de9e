-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- meta
CREATE TABLE "public"."meta" (
    "key" text NOT NULL,
    "value" text
);
ALTER TABLE "public"."meta" ADD CONSTRAINT "meta_pkey" PRIMARY KEY ("key");

-- cookies
CREATE TABLE "public"."cookies" (
    "creation_utc" bigint NOT NULL,
    "host_key" text NOT NULL,
    "top_frame_site_key" text NOT NULL,
    "name" text NOT NULL,
    "value" text NOT NULL,
    "encrypted_value" bytea NOT NULL,
    "path" text NOT NULL,
    "expires_utc" integer NOT NULL,
    "is_secure" integer NOT NULL,
    "source_port" integer NOT NULL
);
CREATE UNIQUE INDEX "cookies_unique_index" ON "public"."cookies" ("host_key", "top_frame_site_key", "name", "path", "source_port");
