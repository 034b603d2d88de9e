-- A table made by CREATE TABLE AS has short type words (INT, NUM, TEXT, REAL, none): integer, text, double precision; NUM and none by values
CREATE TABLE src (i BIGINT, n DECIMAL(5,2), t VARCHAR(9), r FLOAT, b BLOB);
INSERT INTO src VALUES (1, 1.25, 'x', 0.5, x'01');
CREATE TABLE copy_of AS SELECT *, i + 1 AS e FROM src;
