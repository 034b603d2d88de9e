-- The currency of an investment and its valuations: a code of three letters. Reverted by down.sql, without it.

ALTER TABLE investments
    ADD COLUMN currency TEXT NOT NULL DEFAULT 'USD' CONSTRAINT investments_currency_check CHECK (currency GLOB '[A-Z][A-Z][A-Z]' AND instr(currency, char(0)) = 0);
