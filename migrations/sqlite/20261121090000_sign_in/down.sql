-- Drops what up.sql made, with every row in it.

DROP TABLE idempotency_keys;
DROP TABLE sessions;
