-- Drops the table and the columns that up.sql created, with their values.

DROP TABLE attempt_counters;
ALTER TABLE sessions DROP COLUMN client_sha256;
ALTER TABLE organizations DROP COLUMN access_version;
ALTER TABLE users DROP COLUMN access_version;
