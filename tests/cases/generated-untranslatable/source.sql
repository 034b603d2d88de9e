-- A generated column with printf(): its values arrive in an ordinary column, generated/ finding
CREATE TABLE invoices (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, label TEXT AS (printf('R-%05d', number)) STORED);
INSERT INTO invoices (id, number) VALUES (1, 7), (2, 123456);
