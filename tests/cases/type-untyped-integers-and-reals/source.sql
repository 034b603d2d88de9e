-- A column without a type, integers and reals: double precision, since each integer is exact in a double
CREATE TABLE metrics (id INTEGER PRIMARY KEY, v);
INSERT INTO metrics VALUES (1, 1), (2, 2.5), (3, 9007199254740992);
