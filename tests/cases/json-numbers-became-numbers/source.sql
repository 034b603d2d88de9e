-- A JSON column has NUMERIC affinity: '42' and '1.50' are numbers in the file; they are JSON numbers, no row is lost
CREATE TABLE cells (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO cells VALUES (1, '42'), (2, '1.5'), (3, '"42"'), (4, 'true');
