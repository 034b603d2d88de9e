-- A column without a type, blobs only: bytea
CREATE TABLE parts (id INTEGER PRIMARY KEY, data);
INSERT INTO parts VALUES (1, x'01'), (2, x'');
