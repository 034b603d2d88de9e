-- A table and a column with the empty name: PostgreSQL has none; renamed, name/ finding, rows arrive
CREATE TABLE "" ("" INTEGER PRIMARY KEY, v TEXT);
INSERT INTO "" VALUES (1, 'a'), (2, 'b');
