-- A DECIMAL(10,2) holds 1.005: numeric without limits, not rounded; a widening
CREATE TABLE rates (id INTEGER PRIMARY KEY, rate DECIMAL(10,2));
INSERT INTO rates VALUES (1, 1.005), (2, 1.5);
