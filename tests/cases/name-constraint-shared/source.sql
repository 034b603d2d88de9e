-- Two tables have UNIQUE constraints of one name: names of indexes are one space per schema in PostgreSQL; both kept, one renamed
CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT, CONSTRAINT uq_name UNIQUE (name));
CREATE TABLE b (id INTEGER PRIMARY KEY, name TEXT, CONSTRAINT uq_name UNIQUE (name));
INSERT INTO a VALUES (1, 'x');
INSERT INTO b VALUES (1, 'x');
