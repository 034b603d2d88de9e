-- A composite primary key with NULL in one part: unique index, the row stays, key/ finding
CREATE TABLE parts (a INTEGER, b INTEGER, PRIMARY KEY (a, b));
INSERT INTO parts VALUES (1, 1), (1, NULL), (1, NULL);
