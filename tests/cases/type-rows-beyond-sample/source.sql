-- The 3,000th row of an INTEGER column holds the only text: found because every value is read
CREATE TABLE big (id INTEGER PRIMARY KEY, n INTEGER);
WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 2999) INSERT INTO big SELECT i, i FROM c;
INSERT INTO big VALUES (3000, 'the one');
