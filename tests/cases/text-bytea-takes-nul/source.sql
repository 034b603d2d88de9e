-- Text with NUL beside blobs: the column is bytea anyway, so that nothing need be rejected
CREATE TABLE cache (id INTEGER PRIMARY KEY, body);
INSERT INTO cache VALUES (1, x'ff'), (2, 'a' || char(0) || 'b');
