-- Drops what up.sql made, children before parents, with every row in it.

DROP TABLE bill_items;
DROP TABLE bills;
DROP TABLE products;
DROP TABLE customers;
