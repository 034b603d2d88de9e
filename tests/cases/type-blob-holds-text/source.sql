-- A BLOB column with blobs and text (Chrome's encrypted and older plain values): bytea, the text as its bytes; reported
CREATE TABLE cookies (id INTEGER PRIMARY KEY, value BLOB);
INSERT INTO cookies VALUES (1, x'763130'), (2, 'plain');
