-- A Julian day at noon becomes an INTEGER in a NUMERIC column: 2460462 among reals; no row is lost, and it is not seconds since 1970
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, 2460461.25), (2, 2460462.0);
