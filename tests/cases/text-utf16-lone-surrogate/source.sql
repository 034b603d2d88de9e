-- UTF-16 with lone surrogates: SQLite would silently give U+FFFD; the rows are rejected, text/ finding
PRAGMA encoding='UTF-16le';
CREATE TABLE msgs (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO msgs VALUES (1, CAST(x'3dd8' AS TEXT)), (2, CAST(x'61003dd86200' AS TEXT)), (3, CAST(x'3dd800de' AS TEXT)), (4, CAST(x'00de3dd8' AS TEXT));
