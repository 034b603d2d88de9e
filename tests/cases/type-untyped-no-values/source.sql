-- Columns without a type and without values: text
CREATE TABLE empty_one (a, b);
CREATE TABLE nulls_only (a, b);
INSERT INTO nulls_only VALUES (NULL, NULL);
