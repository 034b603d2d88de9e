-- A trigger that raises and a view that calls load_extension, readfile and writefile: not run, listed
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'a');
CREATE VIEW evil AS SELECT load_extension('/tmp/evil.so') AS a, v FROM t;
CREATE TRIGGER t_read BEFORE INSERT ON t BEGIN SELECT RAISE(FAIL, 'hands off'); END;
