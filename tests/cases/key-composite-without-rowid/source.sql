-- WITHOUT ROWID with a composite key (Firefox): its columns are NOT NULL without saying so
CREATE TABLE moz_perms (origin TEXT, type TEXT, permission INTEGER, PRIMARY KEY (origin, type)) WITHOUT ROWID;
INSERT INTO moz_perms VALUES ('https://a.example', 'geo', 1), ('https://a.example', 'cookie', 2);
