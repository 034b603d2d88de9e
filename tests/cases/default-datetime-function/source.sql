-- DEFAULT (datetime('now')) and (date('now')): UTC now in PostgreSQL; translated
CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME DEFAULT (datetime('now')), day DATE DEFAULT (date('now')));
INSERT INTO t VALUES (1, '2024-05-31 12:00:00', '2024-05-31');
