-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- Views
CREATE VIEW "public"."one" ("a", "b") AS SELECT 1 AS "a", 'x' AS "b";
