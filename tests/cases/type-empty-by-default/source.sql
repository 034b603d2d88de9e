-- The same columns with and without rows have the same types: an empty one heeds its default, and those of its name
CREATE TABLE filled (
  id INTEGER PRIMARY KEY,
  code VARBINARY(8) NOT NULL DEFAULT 'abc',
  at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ')),
  ms INTEGER NOT NULL DEFAULT (unixepoch() * 1000),
  day DATE NOT NULL DEFAULT CURRENT_TIMESTAMP,
  n INTEGER NOT NULL DEFAULT 1.5,
  data BLOB NOT NULL DEFAULT '',
  user_id BLOB,
  created DATETIME
);
CREATE TABLE "empty" (
  id INTEGER PRIMARY KEY,
  code VARBINARY(8) NOT NULL DEFAULT 'abc',
  at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ')),
  ms INTEGER NOT NULL DEFAULT (unixepoch() * 1000),
  day DATE NOT NULL DEFAULT CURRENT_TIMESTAMP,
  n INTEGER NOT NULL DEFAULT 1.5,
  data BLOB NOT NULL DEFAULT '',
  user_id BLOB,
  created DATETIME
);
INSERT INTO filled VALUES (1, 'abc', '2024-05-31T12:00:00Z', 1717156800000, '2024-05-31 12:00:00', 1.5, x'01', 'u1', 1717156800);
