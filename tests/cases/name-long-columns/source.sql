-- Two columns whose names agree in the first 63 bytes, and one of 64 bytes in umlauts that must not be cut inside a character: name/ finding
CREATE TABLE t (id INTEGER PRIMARY KEY, a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_x TEXT, a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_y TEXT, ääääääääääääääääääääääääääääääää TEXT);
INSERT INTO t VALUES (1, 'x', 'y', 'z');
