-- Django's and Alembic's own tables are tables like others in a plain import: carried
CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO django_migrations VALUES (1, 'app', '0001_initial', '2024-05-31 12:00:00.123456');
INSERT INTO alembic_version VALUES ('ab12cd34');
