-- A TEXT PRIMARY KEY with a NULL: PostgreSQL's would refuse it; a unique index instead, the row stays, key/ finding
CREATE TABLE options (name TEXT PRIMARY KEY, value TEXT);
INSERT INTO options VALUES ('a', '1'), (NULL, '2');
