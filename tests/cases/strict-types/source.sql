-- A STRICT table: INT, REAL, TEXT, BLOB and ANY; ANY keeps classes apart and is by its values
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL, b REAL, c TEXT, d BLOB, e ANY) STRICT;
INSERT INTO t VALUES (1, 2147483648, 1, 'x', x'00', '007'), (2, 1, NULL, NULL, NULL, 'y');
