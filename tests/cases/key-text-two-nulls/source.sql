-- A TEXT PRIMARY KEY with NULL twice: a unique index holds that too; both rows stay, key/ finding
CREATE TABLE options (name TEXT PRIMARY KEY, value TEXT);
INSERT INTO options VALUES (NULL, '1'), (NULL, '2'), ('a', '3');
