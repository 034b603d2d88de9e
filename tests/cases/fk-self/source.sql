-- A tree that refers to itself, rows in an order in which children come first: carried
PRAGMA foreign_keys=OFF;

CREATE TABLE categories (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES categories (id) ON DELETE SET NULL, name TEXT);
INSERT INTO categories VALUES (1, 3, 'leaf'), (2, 3, 'leaf'), (3, NULL, 'root'), (4, 4, 'its own parent');
