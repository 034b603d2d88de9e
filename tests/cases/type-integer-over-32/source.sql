-- One value of an INTEGER column is one over 32 bits: the column is bigint, its neighbour stays integer
CREATE TABLE files (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, parts INTEGER NOT NULL);
INSERT INTO files VALUES (1, 2147483648, 1), (2, 12, 2147483647), (3, -2147483649, 0);
