-- Reverts up.sql: deletes the currencies of investments.

ALTER TABLE investments DROP COLUMN currency;
