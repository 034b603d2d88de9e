-- DECIMAL(10,2) with reals and integers that have two decimals at most: numeric(10,2), exact
CREATE TABLE "shop_order" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "total" decimal(10, 2) NOT NULL, "tax" decimal NULL);
INSERT INTO shop_order VALUES (1, 12.34, 0.1), (2, 5, NULL), (3, 0.07, 1.005), (4, 99999999.99, -2);
