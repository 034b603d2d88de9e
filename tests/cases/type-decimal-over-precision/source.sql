-- DECIMAL(5,2) holds 12345.67: numeric, a widening
CREATE TABLE fees (id INTEGER PRIMARY KEY, fee DECIMAL(5,2));
INSERT INTO fees VALUES (1, 12345.67), (2, 999.99);
