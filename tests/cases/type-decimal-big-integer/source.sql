-- DECIMAL(20,0) with an integer that no double holds: numeric(20,0), every digit
CREATE TABLE chain (id INTEGER PRIMARY KEY, wei DECIMAL(20,0) NOT NULL);
INSERT INTO chain VALUES (1, 9007199254740993), (2, 9223372036854775807);
