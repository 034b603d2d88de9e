-- A database without any table (user_version set, so that the file has a page): nothing to do, no failure
PRAGMA user_version = 7;
