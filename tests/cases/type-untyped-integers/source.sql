-- A column without a type, integers only: bigint
CREATE TABLE kv (k, v);
INSERT INTO kv VALUES (1, 10), (2, NULL), (3, -5000000000);
