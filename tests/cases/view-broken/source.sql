-- A view over a table that was dropped: it could not be read before either; view/ finding, the tables arrive
CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE b (id INTEGER PRIMARY KEY);
CREATE VIEW both AS SELECT a.id FROM a JOIN b ON a.id = b.id;
DROP TABLE b;
INSERT INTO a VALUES (1);
