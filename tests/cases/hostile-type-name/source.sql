-- SQL as the declared type of a column: an unknown word, by values; nothing of it reaches the target
CREATE TABLE bystander (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a "text); DROP TABLE bystander; --", b "varchar(10)); DROP TABLE bystander; --");
INSERT INTO t VALUES (1, 'x', 'y');
