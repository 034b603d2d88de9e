-- DEFAULT (lower(hex(randomblob(16)))): a value of its own for every row; if no equal is known it is left out, default/ finding
CREATE TABLE sessions (id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))), n INTEGER DEFAULT (abs(random() % 100)));
INSERT INTO sessions VALUES ('00ff', 5);
