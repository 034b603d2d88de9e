-- Drops what up.sql made, children before parents, with every row in it.

DROP TABLE tasks;
DROP TABLE recurring_patterns;
