-- A BLOB PRIMARY KEY with 1 and x'31': the number is rejected, named, and the key is in force
CREATE TABLE objects (sha BLOB PRIMARY KEY NOT NULL, size INTEGER);
INSERT INTO objects VALUES (1, 1), (x'31', 3), (x'32', 4);
