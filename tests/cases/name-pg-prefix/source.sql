-- Tables named like PostgreSQL's own (pg_class, user, information_schema.tables): kept in the target's schema, and always addressed with it
CREATE TABLE pg_class (id INTEGER PRIMARY KEY, relname TEXT);
CREATE TABLE pg_type (id INTEGER PRIMARY KEY, oid TEXT);
CREATE TABLE "information_schema.tables" (id INTEGER PRIMARY KEY);
INSERT INTO pg_class VALUES (1, 'mine');
INSERT INTO pg_type VALUES (1, 'x'), (2, 'y');
