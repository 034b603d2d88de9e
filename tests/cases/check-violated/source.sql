-- A row breaks a check (made under ignore_check_constraints): the check holds, the row is set aside with every value
PRAGMA ignore_check_constraints=ON;
CREATE TABLE stock (id INTEGER PRIMARY KEY, n INTEGER CHECK (n >= 0));
INSERT INTO stock VALUES (1, 5), (2, -5);
