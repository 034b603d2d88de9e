-- BLOB with NUL bytes, empty and NULL: bytea; the empty blob and NULL stay apart
CREATE TABLE thumbs (id INTEGER PRIMARY KEY, png BLOB, hash BLOB(16) NOT NULL);
INSERT INTO thumbs VALUES (1, x'89504e470d0a1a0a00', x''), (2, NULL, zeroblob(4)), (3, x'', x'ff');
