-- A NOCASE TEXT PRIMARY KEY: uniqueness without regard to ASCII case must hold in PostgreSQL too; said
CREATE TABLE hosts (name TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, ip TEXT);
INSERT INTO hosts VALUES ('Alpha', '1'), ('beta', '2');
