-- A BLOB column with blobs, text and numbers: bytea, text as its bytes in UTF-8; a number has no bytes, its row is rejected
CREATE TABLE cache (id INTEGER PRIMARY KEY, body BLOB);
INSERT INTO cache VALUES (1, x'00ff'), (2, 'ä'), (3, 42), (4, 1.5);
