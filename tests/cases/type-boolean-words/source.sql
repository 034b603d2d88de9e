-- BOOLEAN with the words true and false in any case, beside 0 and 1: boolean
CREATE TABLE settings (id INTEGER PRIMARY KEY, on_off BOOLEAN);
INSERT INTO settings VALUES (1, 'true'), (2, 'False'), (3, 'TRUE'), (4, 0), (5, NULL), (6, 1.0);
