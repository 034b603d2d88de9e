-- The many spellings of the manual's table (section 3.1.1): each by its meaning
CREATE TABLE spellings (id INTEGER PRIMARY KEY, d DOUBLE, dp DOUBLE PRECISION, f FLOAT, nv NVARCHAR(10), cl CLOB, vc "VARYING CHARACTER(255)", nc NCHAR(55), b bool, bl BLOB, t tExT);
INSERT INTO spellings VALUES (1, 1.5, 2.5, 3, 'ab', 'long', 'x', 'y', 1, x'01', 'z');
