-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- record
CREATE TABLE "public"."record" (
    "id" text DEFAULT ('r' || lower(coalesce(upper(encode(substring(uuid_send(gen_random_uuid()) FROM 10 FOR 7), 'hex')), '') COLLATE "C")) NOT NULL,
    "token" bytea DEFAULT (substring(uuid_send(gen_random_uuid()) FROM 10 FOR 7) || substring(uuid_send(gen_random_uuid()) FROM 10 FOR 7) || substring(uuid_send(gen_random_uuid()) FROM 10 FOR 6)) NOT NULL,
    "uid" uuid DEFAULT ((lower(coalesce(upper(encode(substring(uuid_send(gen_random_uuid()) FROM 10 FOR 4), 'hex')), '') COLLATE "C") || '-' || lower(coalesce(upper(encode(substring(uuid_send(gen_random_uuid()) FROM 10 FOR 2), 'hex')), '') COLLATE "C") || '-4' || substr(lower(coalesce(upper(encode(substring(uuid_send(gen_random_uuid()) FROM 10 FOR 2), 'hex')), '') COLLATE "C"), 2) || '-' || substr('89ab', CASE WHEN least(greatest(abs(('x' || left(md5(random()::text || clock_timestamp()::text), 16))::bit(64)::bigint) % 4 + 1, -1000000000), 1000000000)::integer < 0 THEN length('89ab') + 1 + least(greatest(abs(('x' || left(md5(random()::text || clock_timestamp()::text), 16))::bit(64)::bigint) % 4 + 1, -1000000000), 1000000000)::integer ELSE least(greatest(abs(('x' || left(md5(random()::text || clock_timestamp()::text), 16))::bit(64)::bigint) % 4 + 1, -1000000000), 1000000000)::integer END, 1) || substr(lower(coalesce(upper(encode(substring(uuid_send(gen_random_uuid()) FROM 10 FOR 2), 'hex')), '') COLLATE "C"), 2) || '-' || lower(coalesce(upper(encode(substring(uuid_send(gen_random_uuid()) FROM 10 FOR 6), 'hex')), '') COLLATE "C"))::uuid) NOT NULL,
    "created" text DEFAULT (to_char((CURRENT_TIMESTAMP AT TIME ZONE 'UTC'), 'YYYY-MM-DD HH24:MI:SS.MS"Z"')) NOT NULL,
    "updated" timestamptz DEFAULT ((date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC')) NOT NULL,
    "seen" timestamp DEFAULT (date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))) NOT NULL,
    "opened" timestamp DEFAULT (date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))) NOT NULL,
    "seconds" integer DEFAULT (floor(extract(epoch FROM date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))))::bigint) NOT NULL,
    "milliseconds" bigint DEFAULT (floor(extract(epoch FROM date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))) * 1000)::bigint) NOT NULL,
    "options" jsonb DEFAULT '{}' NOT NULL,
    "tags" text DEFAULT '[]' NOT NULL
);
ALTER TABLE "public"."record" ADD CONSTRAINT "record_pkey" PRIMARY KEY ("id");
ALTER TABLE "public"."record" ADD CONSTRAINT "record_tags_check" CHECK (("tags"::json IS NOT NULL OR NULL));
