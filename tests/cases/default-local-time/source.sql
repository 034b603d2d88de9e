-- DEFAULT (datetime('now', 'localtime')): depends on the machine; left out, default/ finding
CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME DEFAULT (datetime('now', 'localtime')));
INSERT INTO t VALUES (1, '2024-05-31 12:00:00');
