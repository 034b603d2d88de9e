-- Chrome's cookies: times since 1601 as INTEGER (bigint), an encrypted value as BLOB, a unique index over five columns
CREATE TABLE meta (key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
CREATE TABLE cookies (creation_utc INTEGER NOT NULL, host_key TEXT NOT NULL, top_frame_site_key TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, encrypted_value BLOB NOT NULL, path TEXT NOT NULL, expires_utc INTEGER NOT NULL, is_secure INTEGER NOT NULL, source_port INTEGER NOT NULL);
CREATE UNIQUE INDEX cookies_unique_index ON cookies (host_key, top_frame_site_key, name, path, source_port);
INSERT INTO meta VALUES ('version', '23'), ('mmap_status', '-1');
INSERT INTO cookies VALUES (13361630400000000, '.example.com', '', 'sid', '', x'763130ff00', '/', 0, 1, 443);
