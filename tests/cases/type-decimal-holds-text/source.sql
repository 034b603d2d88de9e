-- A DECIMAL column holds '1,234.50': text, a widening
CREATE TABLE invoices (id INTEGER PRIMARY KEY, amount DECIMAL(12,2));
INSERT INTO invoices VALUES (1, '1,234.50'), (2, 10.5), (3, '10.50 ');
