-- A VARCHAR(64) column holds a hash as blob in one row: varchar(64), and that row is rejected, named
CREATE TABLE logins (id INTEGER PRIMARY KEY, password VARCHAR(64));
INSERT INTO logins VALUES (1, 'geheim'), (2, x'00ff10');
