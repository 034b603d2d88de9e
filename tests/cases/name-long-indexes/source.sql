-- Index and constraint names over 63 bytes that agree in the first 63: both carried, renamed, name/ finding
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, CONSTRAINT a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_c1 CHECK (a > 0), CONSTRAINT a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_c2 CHECK (b > 0));
CREATE INDEX a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_i1 ON t (a);
CREATE INDEX a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_i2 ON t (b);
INSERT INTO t VALUES (1, 1, 1);
