-- Names that PostgreSQL cannot have: the table and the column get others, which is a decision with both names, and every row arrives
CREATE TABLE pg_settings_of_app (id INTEGER PRIMARY KEY, xmin TEXT);
INSERT INTO pg_settings_of_app VALUES (1, 'a');
