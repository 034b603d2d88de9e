-- An INTEGER column holds a real (quantity 1.5): double precision, reported as a widening; all rows arrive
CREATE TABLE lines (id INTEGER PRIMARY KEY, quantity INTEGER NOT NULL);
INSERT INTO lines VALUES (1, 2), (2, 1.5), (3, -0.25);
