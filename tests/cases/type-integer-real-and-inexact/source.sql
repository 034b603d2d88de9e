-- An INTEGER column holds a real and an integer that no double holds: numeric, so that both arrive; a widening
CREATE TABLE ledger (id INTEGER PRIMARY KEY, amount INTEGER);
INSERT INTO ledger VALUES (1, 9007199254740993), (2, 0.5);
