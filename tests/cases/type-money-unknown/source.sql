-- MONEY is no type of SQLite: by the values, integers and reals give double precision
CREATE TABLE budget (id INTEGER PRIMARY KEY, amount MONEY);
INSERT INTO budget VALUES (1, 100), (2, 12.5);
