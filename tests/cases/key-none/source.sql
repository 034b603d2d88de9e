-- A table without any key, with two equal rows: both arrive
CREATE TABLE log (at TEXT, line TEXT);
INSERT INTO log VALUES ('t1', 'same'), ('t1', 'same'), (NULL, NULL);
