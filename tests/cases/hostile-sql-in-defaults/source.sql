-- SQL, dollar quotes and backslashes in string defaults and checks: strings, nothing runs
CREATE TABLE bystander (id INTEGER PRIMARY KEY);
INSERT INTO bystander VALUES (1);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT '''); DROP TABLE bystander; --', b TEXT DEFAULT '$$; DROP TABLE bystander; $$', c TEXT DEFAULT '\''; DROP TABLE bystander; --',
  CHECK (a <> '''; DROP TABLE bystander; --'));
INSERT INTO t (id) VALUES (1);
