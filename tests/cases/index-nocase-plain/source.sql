-- A NOCASE column with an ordinary index: an index is there, no uniqueness is invented; 'a' and 'A' stay side by side
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE);
CREATE INDEX names_name ON names (name);
INSERT INTO names VALUES (1, 'a'), (2, 'A'), (3, NULL);
