-- A REAL PRIMARY KEY with 0.1 and its next neighbour: double precision keeps them apart
CREATE TABLE steps (at REAL NOT NULL PRIMARY KEY, v TEXT);
INSERT INTO steps VALUES (0.1, 'a'), (0.10000000000000002, 'b'), (0, 'c');
