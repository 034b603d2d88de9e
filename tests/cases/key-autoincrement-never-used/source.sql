-- AUTOINCREMENT table that never had a row has no line in sqlite_sequence: the identity begins at 1
CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
