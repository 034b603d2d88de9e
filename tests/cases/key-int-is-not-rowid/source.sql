-- INT PRIMARY KEY (not INTEGER) is no rowid alias: primary key without identity
CREATE TABLE codes (id INT PRIMARY KEY, name TEXT);
INSERT INTO codes VALUES (1, 'a'), (2, 'b');
