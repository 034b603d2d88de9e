-- DEFAULT pending and "open": words and double quotes are strings here (SQLite's leniency); carried as strings
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT pending, b TEXT DEFAULT "open", c TEXT DEFAULT 'x');
INSERT INTO t (id) VALUES (1);
