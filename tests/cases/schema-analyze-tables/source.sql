-- ANALYZE has made sqlite_stat1 and AUTOINCREMENT sqlite_sequence: SQLite's own, not carried and not a loss
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
CREATE INDEX t_v ON t (v);
INSERT INTO t VALUES (1, 'a');
ANALYZE;
