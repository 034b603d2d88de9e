-- Defaults that frameworks write: the present time in the form of the column's values, random keys and UUIDs, JSON
CREATE TABLE record (
  id TEXT PRIMARY KEY DEFAULT ('r' || lower(hex(randomblob(7)))) NOT NULL,
  token BLOB NOT NULL DEFAULT (randomblob(20)),
  uid UUID NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', abs(random()) % 4 + 1, 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))),
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')),
  updated DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  seen TIMESTAMP NOT NULL DEFAULT current_timestamp,
  opened DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'NOW')),
  seconds INTEGER NOT NULL DEFAULT (unixepoch()),
  milliseconds INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  options JSON NOT NULL DEFAULT (json_object()),
  tags TEXT NOT NULL DEFAULT (json_array()) CHECK (json_valid(tags))
);
INSERT INTO record (id, uid, created, updated, seen, opened, seconds, milliseconds) VALUES
  ('r1', '0190a0a0-0000-7000-8000-000000000001', '2024-05-31 12:00:00.000Z', '2024-05-31T12:00:00.000Z', '2024-05-31 12:00:00', '2024-05-31 12:00:00.123000', 1717156800, 1717156800000);
