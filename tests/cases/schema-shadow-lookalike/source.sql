-- A user's own table is called like a shadow table ("docs_config", "docs_data" without any docs table): carried
CREATE TABLE docs_config (k TEXT PRIMARY KEY, v TEXT);
CREATE TABLE docs_data (id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO docs_config VALUES ('a', 'b');
INSERT INTO docs_data VALUES (1, x'00');
