-- Anki's decks: a key with Anki's own collation unicase, which is nowhere else: rows arrive, the keys that need it are listed
CREATE TABLE deck_config (id integer PRIMARY KEY NOT NULL, name text NOT NULL, mtime_secs integer NOT NULL, config blob NOT NULL);
INSERT INTO deck_config VALUES (1, 'Default', 1717156800, x'0a04'), (1700000000123, 'Über', 0, x'');
PRAGMA writable_schema=ON;
UPDATE sqlite_master SET sql = 'CREATE TABLE deck_config (id integer PRIMARY KEY NOT NULL, name text NOT NULL COLLATE unicase, mtime_secs integer NOT NULL, config blob NOT NULL)' WHERE name = 'deck_config';
PRAGMA writable_schema=OFF;
