-- Defaults in parentheses and of arithmetic and concatenation: carried with their values
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT (1), b INTEGER DEFAULT ((-1)), c INTEGER DEFAULT (60 * 60 * 24), d TEXT DEFAULT ('a' || 'b'), e INTEGER DEFAULT (NULL));
INSERT INTO t (id) VALUES (1);
