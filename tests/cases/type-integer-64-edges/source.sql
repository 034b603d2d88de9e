-- The smallest and largest 64-bit integers, as Chrome and Firefox keep them: bigint, every digit arrives
CREATE TABLE moz_meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
INSERT INTO moz_meta VALUES ('max', 9223372036854775807), ('min', -9223372036854775807 - 1), ('odd', 9007199254740993);
