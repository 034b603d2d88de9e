-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- Views
CREATE VIEW "public"."one" ("a", "b") AS SELECT 1 AS "a", 'x' AS "b";
