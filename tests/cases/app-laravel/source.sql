-- Laravel's migrations: varchar without length, tinyint(1), datetime without fraction, a failed job's uuid in varchar
CREATE TABLE "users" ("id" integer primary key autoincrement not null, "name" varchar not null, "email_verified_at" datetime, "is_admin" tinyint(1) not null default '0', "balance" numeric not null default '0', "created_at" datetime);
CREATE TABLE "failed_jobs" ("id" integer primary key autoincrement not null, "uuid" varchar not null, "payload" text not null, "failed_at" datetime not null default CURRENT_TIMESTAMP);
CREATE UNIQUE INDEX "failed_jobs_uuid_unique" on "failed_jobs" ("uuid");
INSERT INTO users VALUES (1, 'Zoë', NULL, 0, 10.5, '2024-05-31 12:00:00'), (2, '', '2024-06-01 00:00:00', 1, 0, NULL);
INSERT INTO failed_jobs VALUES (7, '018f3c1e-7b2a-7c3d-8e4f-0123456789ab', '{}', '2024-05-31 12:00:00');
