-- MONEY is no type of SQLite: amounts are decimals: numeric
CREATE TABLE budget (id INTEGER PRIMARY KEY, amount MONEY);
INSERT INTO budget VALUES (1, 100), (2, 12.5);
