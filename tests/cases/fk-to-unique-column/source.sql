-- A foreign key to a UNIQUE column and one to a column with a unique index: both carried
PRAGMA foreign_keys=OFF;

CREATE TABLE currencies (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, symbol TEXT);
CREATE UNIQUE INDEX currencies_symbol ON currencies (symbol);
CREATE TABLE prices (id INTEGER PRIMARY KEY, code TEXT REFERENCES currencies (code), symbol TEXT REFERENCES currencies (symbol));
INSERT INTO currencies VALUES (1, 'EUR', '€'), (2, 'XAU', NULL);
INSERT INTO prices VALUES (1, 'EUR', '€'), (2, 'XAU', NULL);
