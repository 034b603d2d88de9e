-- A column without a type with every storage class: bytea, since a blob is among them; reported, no row lost
CREATE TABLE anything (id INTEGER PRIMARY KEY, v);
INSERT INTO anything VALUES (1, NULL), (2, 1), (3, 1.5), (4, 'text'), (5, x'ff');
