-- A REAL column holds 'n/a' and '': text, a widening
CREATE TABLE weather (station TEXT NOT NULL PRIMARY KEY, rain REAL);
INSERT INTO weather VALUES ('a', 1.5), ('b', 'n/a'), ('c', '');
