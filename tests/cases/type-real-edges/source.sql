-- Largest, smallest and shortest reals: double precision, bit for bit
CREATE TABLE samples (id INTEGER PRIMARY KEY, v REAL NOT NULL);
INSERT INTO samples VALUES (1, 1.7976931348623157e308), (2, 5e-324), (3, 0.1), (4, 0.1 + 0.2), (5, 1e23), (6, 123456789012345680);
