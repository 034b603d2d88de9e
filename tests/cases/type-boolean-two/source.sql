-- BOOLEAN that holds 2 and -1: integer, a widening
CREATE TABLE reviews (id INTEGER PRIMARY KEY, state BOOLEAN NOT NULL DEFAULT 0);
INSERT INTO reviews VALUES (1, 0), (2, 1), (3, 2), (4, -1);
