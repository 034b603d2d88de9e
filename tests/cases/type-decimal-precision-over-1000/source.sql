-- DECIMAL(2000,2): PostgreSQL allows 1000 digits at most: numeric
CREATE TABLE primes (id INTEGER PRIMARY KEY, p DECIMAL(2000,2), z DECIMAL(0,0));
INSERT INTO primes VALUES (1, 7, 1), (2, 11.5, 2);
