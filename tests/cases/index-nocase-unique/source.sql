-- UNIQUE on a NOCASE column: a unique expression index on lower(x COLLATE "C"): 'ADA' is refused beside 'Ada', 'Ä' is not beside 'ä'
CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT COLLATE NOCASE NOT NULL UNIQUE);
INSERT INTO users VALUES (1, 'Ada'), (2, 'Bob'), (3, 'Ä'), (4, 'ä');
