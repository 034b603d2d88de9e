-- Two tables whose names agree in the first 63 bytes: PostgreSQL would cut both to one; renamed by a stated rule, name/ finding, both arrive
CREATE TABLE a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_one (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_two (id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_one VALUES (1, 'one');
INSERT INTO a_table_name_that_goes_on_for_longer_than_postgresql_can_follow_it_two VALUES (1, 'two'), (2, 'two');
