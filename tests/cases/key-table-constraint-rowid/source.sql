-- PRIMARY KEY (id) as a table constraint on an INTEGER column is a rowid alias: identity
CREATE TABLE codes (name TEXT, id INTEGER, CONSTRAINT codes_key PRIMARY KEY (id));
INSERT INTO codes VALUES ('a', 3);
