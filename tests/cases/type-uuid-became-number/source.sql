-- A UUID column has NUMERIC affinity: 32 digits that look like a number became one (0 and 1e+31) in the file; text, a widening, no row lost
CREATE TABLE keys (id INTEGER PRIMARY KEY, k UUID);
INSERT INTO keys VALUES (1, '00000000000000000000000000000e10'), (2, '12345678901234567890123456789012'), (3, '018f3c1e7b2a7c3d8e4f0123456789ab');
