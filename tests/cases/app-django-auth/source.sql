-- Django's auth_user: bool, datetime in microseconds, varchar(150), unsigned checks, deferred keys
CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "date_joined" datetime NOT NULL);
CREATE TABLE "auth_user_groups" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "level" smallint unsigned NOT NULL CHECK ("level" >= 0));
CREATE UNIQUE INDEX "auth_user_groups_user_level_uniq" ON "auth_user_groups" ("user_id", "level");
INSERT INTO auth_user VALUES (1, 'pbkdf2_sha256$600000$x', NULL, 1, 'admin', '2024-05-31 12:00:00.123456');
INSERT INTO auth_user_groups VALUES (1, 1, 0);
