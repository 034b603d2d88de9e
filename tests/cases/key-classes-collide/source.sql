-- An untyped unique key holds the integer 1 and the text '1', two values in SQLite, one as text: no row is lost silently; the key is not carried or a row is
-- rejected, named
CREATE TABLE kv (k PRIMARY KEY, v TEXT);
INSERT INTO kv VALUES (1, 'integer'), ('1', 'text'), ('a', 'b');
