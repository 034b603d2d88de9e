-- LIKE is case-insensitive in SQLite (ASCII): CHECK (mail LIKE '%@x.example') holds for 'A@X.EXAMPLE', which is there
CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT CHECK (mail LIKE '%@x.example'));
INSERT INTO t VALUES (1, 'a@x.example'), (2, 'A@X.EXAMPLE');
