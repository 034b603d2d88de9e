-- DEFAULT '0000-00-00 00:00:00' where every value is a real instant: timestamp; the default is none, left out, default/ finding
CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00');
INSERT INTO t VALUES (1, '2024-05-31 12:00:00');
