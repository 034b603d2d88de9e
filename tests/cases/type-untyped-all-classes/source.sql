-- A column without a type with every storage class, mostly no blobs: text, and the row with the blob is rejected, named
CREATE TABLE anything (id INTEGER PRIMARY KEY, v);
INSERT INTO anything VALUES (1, NULL), (2, 1), (3, 1.5), (4, 'text'), (5, x'ff');
