-- A BLOB PRIMARY KEY with the number 1, the text '1' and the blob of the same byte: the number is rejected; the text is equal to the
-- blob, so that the key is skipped; both are reported before
CREATE TABLE objects (sha BLOB PRIMARY KEY NOT NULL, size INTEGER);
INSERT INTO objects VALUES (1, 1), ('1', 2), (x'31', 3), (x'32', 4);
