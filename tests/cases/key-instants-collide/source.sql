-- A UNIQUE DATETIME holds one instant in two spellings: two values in SQLite, one as timestamptz; both rows arrive, or what does not is named
CREATE TABLE slots (id INTEGER PRIMARY KEY, at DATETIME NOT NULL UNIQUE);
INSERT INTO slots VALUES (1, '2024-05-31T12:00:00Z'), (2, '2024-05-31T14:00:00+02:00');
