-- INTEGER PRIMARY KEY DESC is no rowid alias either (a quirk the manual keeps): primary key, no identity; it may hold NULL but does not here
CREATE TABLE codes (id INTEGER PRIMARY KEY DESC, name TEXT);
INSERT INTO codes VALUES (1, 'a'), (2, 'b');
