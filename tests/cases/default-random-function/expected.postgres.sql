-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- sessions
CREATE TABLE "public"."sessions" (
    "id" text DEFAULT (lower(coalesce(upper(encode(substring(uuid_send(gen_random_uuid()) FROM 10 FOR 7) || substring(uuid_send(gen_random_uuid()) FROM 10 FOR 7) || substring(uuid_send(gen_random_uuid()) FROM 10 FOR 2), 'hex')), '') COLLATE "C")) NOT NULL,
    "n" integer DEFAULT (abs(('x' || left(md5(random()::text || clock_timestamp()::text), 16))::bit(64)::bigint % 100))
);
ALTER TABLE "public"."sessions" ADD CONSTRAINT "sessions_pkey" PRIMARY KEY ("id");
