-- A NOT NULL column whose default PostgreSQL's type does not have: every INSERT must supply it, which the finding says
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL DEFAULT '', at DATETIME NOT NULL DEFAULT (datetime('now', 'localtime')));
INSERT INTO t VALUES (1, 2, '2024-05-31 12:00:00');
