-- A view that is written through an INSTEAD OF trigger: the view is carried, the trigger is not; trigger/ finding
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER);
CREATE VIEW v AS SELECT id, n FROM t;
CREATE TRIGGER v_insert INSTEAD OF INSERT ON v BEGIN INSERT INTO t (n) VALUES (new.n * 2); END;
INSERT INTO t VALUES (1, 5);
