-- Rails 7: datetime(6), version strings as key, t/f is gone, defaults of the framework
CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
CREATE TABLE "articles" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar, "price" decimal(10,2) DEFAULT '0.0' NOT NULL, "public" boolean DEFAULT 0 NOT NULL, "created_at" datetime(6) NOT NULL);
INSERT INTO schema_migrations VALUES ('20240531120000');
INSERT INTO ar_internal_metadata VALUES ('environment', 'production', '2024-05-31 12:00:00.123456', '2024-05-31 12:00:00.123456');
INSERT INTO articles VALUES (1, 'Hé', 9.99, 1, '2024-05-31 12:00:00.000000'), (2, NULL, 0, 0, '2024-05-31 12:00:00.100000');
