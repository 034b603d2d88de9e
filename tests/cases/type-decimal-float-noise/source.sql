-- 0.1 + 0.2 in a DECIMAL(8,2) is 0.30000000000000004: kept as it is in numeric, a widening; no silent rounding
CREATE TABLE carts (id INTEGER PRIMARY KEY, total NUMERIC(8,2) NOT NULL);
INSERT INTO carts VALUES (1, 0.1 + 0.2), (2, 19.99);
