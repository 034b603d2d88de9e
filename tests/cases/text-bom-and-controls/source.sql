-- A BOM, U+FFFD itself, control characters, line separators and non-characters are valid text: they arrive as they are
CREATE TABLE msgs (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO msgs VALUES (1, char(65279) || 'a'), (2, char(65533)), (3, char(1, 27, 127)), (4, char(8232)), (5, char(65535)), (6, 'a' || char(13, 10, 9) || 'b\n');
