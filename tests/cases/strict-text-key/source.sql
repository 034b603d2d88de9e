-- A STRICT table with a TEXT key that says nothing of NULL and holds none: primary key
CREATE TABLE s (k TEXT PRIMARY KEY, v INTEGER) STRICT;
INSERT INTO s VALUES ('a', 1), ('b', 2);
