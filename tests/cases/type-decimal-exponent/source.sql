-- 1e23 in DECIMAL(30,2) is the number with 24 digits: by the shortest decimal form, not the double's own digits
CREATE TABLE galaxies (id INTEGER PRIMARY KEY, stars DECIMAL(30,2), dust NUMERIC);
INSERT INTO galaxies VALUES (1, 1e23, 1e-7), (2, 1.5, 2.5e-10);
