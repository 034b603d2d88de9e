-- A DECIMAL(8,2) column holds Infinity: numeric(8,2) cannot; text as SQLite writes it, reported
CREATE TABLE quotes (id INTEGER PRIMARY KEY, bid DECIMAL(8,2));
INSERT INTO quotes VALUES (1, 9e999), (2, 1.25);
