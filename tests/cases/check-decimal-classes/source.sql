-- DECIMAL prices: SQLite stores 3.00 as an integer beside reals. Both are numbers of one type, so that checks, indexes
-- with expressions and generated columns are converted, as with Django's and Rails' statements
CREATE TABLE product (
  id INTEGER PRIMARY KEY,
  price decimal NOT NULL CONSTRAINT price_positive CHECK ("price" > CAST('0' AS NUMERIC)),
  tax decimal(10, 2) CHECK ("tax" >= '0.00' AND CAST("tax" AS NUMERIC) <= 100),
  quantity INTEGER NOT NULL,
  total decimal(12, 2) GENERATED ALWAYS AS (price * quantity) STORED,
  double_quantity decimal(12, 2) AS (quantity * 2),
  CHECK (price > tax)
);
CREATE UNIQUE INDEX dear ON product (price) WHERE price > 10.5;
CREATE UNIQUE INDEX sums ON product (price + tax);
CREATE VIEW sum AS SELECT id, price * quantity AS total, coalesce(tax, 0) AS tax FROM product;
CREATE VIEW dear_sum AS SELECT id, total FROM sum WHERE total > 20.5 AND tax < 2;
INSERT INTO product (id, price, tax, quantity) VALUES (1, 19.99, 1.5, 3), (2, 5, 0, 1), (3, 3.00, NULL, 7), (4, 1.1, 0.1, 3);
