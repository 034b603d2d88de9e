-- Typed columns with NULLs only: by the declaration
CREATE TABLE later (id INTEGER PRIMARY KEY, i INT, b BIGINT, r REAL, d DECIMAL(6,3), t TEXT, v VARCHAR(7), x BLOB, f BOOLEAN);
INSERT INTO later (id) VALUES (1);
