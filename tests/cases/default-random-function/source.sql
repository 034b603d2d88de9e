-- DEFAULT (lower(hex(randomblob(16)))): a value of its own for every row, of the same form
CREATE TABLE sessions (id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))), n INTEGER DEFAULT (abs(random() % 100)));
INSERT INTO sessions VALUES ('00ff', 5);
