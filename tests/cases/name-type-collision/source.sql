-- A table called like a type (text, date, point): PostgreSQL makes a row type of each name; kept, no failure
CREATE TABLE text (id INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE date (id INTEGER PRIMARY KEY, date DATE);
CREATE TABLE _users (id INTEGER PRIMARY KEY);
CREATE TABLE users (id INTEGER PRIMARY KEY);
INSERT INTO text VALUES (1, 'a');
INSERT INTO date VALUES (1, '2024-05-31');
