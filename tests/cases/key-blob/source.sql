-- A BLOB PRIMARY KEY (content hashes): bytea
CREATE TABLE objects (sha BLOB PRIMARY KEY NOT NULL, size INTEGER) WITHOUT ROWID;
INSERT INTO objects VALUES (x'00', 1), (x'0000', 2), (x'', 0);
