-- VARCHAR(0), VARCHAR(20000000) and VARCHAR(max) are no lengths PostgreSQL knows: text
CREATE TABLE docs (id INTEGER PRIMARY KEY, a VARCHAR(0), b VARCHAR(20000000), c "NVARCHAR(max)", d VARCHAR(99999999999999999999));
INSERT INTO docs VALUES (1, '', 'b', 'c', 'd'), (2, NULL, 'bb', 'cc', 'dd');
