-- The currency of an investment and its valuations: a code of three letters. Reverted by down.sql, without it.

ALTER TABLE investments
    ADD COLUMN currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$');
