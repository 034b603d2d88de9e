-- VARCHAR(n) counts characters, not bytes: three thumbs fit in VARCHAR(3); a combining mark is a character of its own
CREATE TABLE tags (id INTEGER PRIMARY KEY, emoji VARCHAR(3) NOT NULL, label CHAR(2));
INSERT INTO tags VALUES (1, '👍👍👍', 'ok'), (2, '', 'e' || char(769)), (3, '漢字か', char(233));
