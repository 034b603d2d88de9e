-- What ends access in every process: counters of users and organizations, which access tokens carry; and the limits of
-- sign-in attempts, which survive a restart. Existing tokens carry no counter, so users refresh them or sign in again.
-- Reverted by down.sql, which drops the columns and the table with their values: limits start again.

ALTER TABLE users ADD COLUMN access_version INTEGER NOT NULL DEFAULT 0 CHECK (access_version BETWEEN -2147483648 AND 2147483647);
ALTER TABLE organizations ADD COLUMN access_version INTEGER NOT NULL DEFAULT 0 CHECK (access_version BETWEEN -2147483648 AND 2147483647);
ALTER TABLE sessions ADD COLUMN client_sha256 BLOB CHECK (length(client_sha256) = 32);

CREATE TABLE attempt_counters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_sha256 BLOB NOT NULL CHECK (length(key_sha256) = 32),
    attempts INTEGER NOT NULL CHECK (attempts BETWEEN -2147483648 AND 2147483647),
    next_at TEXT NOT NULL CHECK (next_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(next_at, 1, 10) IS date(substr(next_at, 1, 10)) AND substr(next_at, 12, 2) < '24' AND next_at >= '0001'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(expires_at, 1, 10) IS date(substr(expires_at, 1, 10)) AND substr(expires_at, 12, 2) < '24' AND expires_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX attempt_counters_key ON attempt_counters (key_sha256);
CREATE INDEX idx_attempt_counters_expires_at ON attempt_counters (expires_at, id);
