-- A view of a view of a table, the outer made first in the file's order of names: both translated, in the right order
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER);
CREATE VIEW z_inner AS SELECT id, n FROM t WHERE n > 0;
CREATE VIEW a_outer AS SELECT id FROM z_inner WHERE n < 10;
INSERT INTO t VALUES (1, 5), (2, -5), (3, 50);
