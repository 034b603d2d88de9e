-- Who is signed in, and what was answered to requests that may be sent again.
-- Undone by down.sql, which drops these tables with the rows in them: everybody signs in anew.

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*' AND length(replace(id, '-', '')) = 32),
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    refresh_sha256 BLOB NOT NULL CHECK (length(refresh_sha256) = 32),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    used_at TEXT NOT NULL CHECK (used_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(used_at, 1, 10) IS date(substr(used_at, 1, 10)) AND substr(used_at, 12, 2) < '24' AND used_at >= '0001'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(expires_at, 1, 10) IS date(substr(expires_at, 1, 10)) AND substr(expires_at, 12, 2) < '24' AND expires_at >= '0001'),
    revoked_at TEXT CHECK (revoked_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(revoked_at, 1, 10) IS date(substr(revoked_at, 1, 10)) AND substr(revoked_at, 12, 2) < '24' AND revoked_at >= '0001')
) STRICT;
CREATE INDEX idx_sessions_user_id ON sessions (user_id);

CREATE TABLE idempotency_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (length(key) <= 255 AND instr(key, char(0)) = 0),
    request_sha256 BLOB NOT NULL CHECK (length(request_sha256) = 32),
    status INTEGER NOT NULL CHECK (status BETWEEN -2147483648 AND 2147483647),
    location TEXT CHECK (instr(location, char(0)) = 0),
    etag TEXT CHECK (length(etag) <= 100 AND instr(etag, char(0)) = 0),
    body TEXT NOT NULL CHECK (instr(body, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX idempotency_keys_key ON idempotency_keys (user_id, key);
