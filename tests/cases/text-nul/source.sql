-- Text with NUL inside: PostgreSQL's text cannot hold it; those rows are rejected with their values, text/ finding, the others arrive
CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
INSERT INTO posts VALUES (1, 'fine'), (2, 'a' || char(0) || 'b'), (3, char(0)), (4, 'also fine');
