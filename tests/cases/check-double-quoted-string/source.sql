-- CHECK (kind IN ("a", "b")): double-quoted strings are strings where no column has the name; carried as strings
CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT CHECK (kind IN ("a", "b")));
INSERT INTO t VALUES (1, 'a');
