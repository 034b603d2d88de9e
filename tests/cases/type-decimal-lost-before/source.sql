-- A long decimal given to a NUMERIC column was already rounded to a double by SQLite: the shortest form of that double arrives
CREATE TABLE assets (id INTEGER PRIMARY KEY, units DECIMAL(30,10));
INSERT INTO assets VALUES (1, '12345678901234567890.1234567891'), (2, 0.5);
