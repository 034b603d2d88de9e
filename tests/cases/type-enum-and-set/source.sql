-- ENUM('a','b') from a MySQL dump: an unknown word, by values: text
CREATE TABLE shirts (id INTEGER PRIMARY KEY, size "ENUM('small','large')" NOT NULL, made YEAR);
INSERT INTO shirts VALUES (1, 'small', 1999), (2, 'large', 2024);
