-- A view with a join, GROUP BY, count and HAVING: translated
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES authors (id), price INTEGER NOT NULL);
CREATE VIEW totals AS SELECT a.id, a.name, count(b.id) AS n, sum(b.price) AS total FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.id, a.name HAVING count(b.id) > 0;
INSERT INTO authors VALUES (1, 'a'), (2, 'b');
INSERT INTO books VALUES (1, 1, 10), (2, 1, 20);
