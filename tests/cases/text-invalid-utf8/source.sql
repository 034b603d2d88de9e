-- Text whose bytes are not UTF-8 (Latin-1 written raw, a lone continuation byte, a cut sequence): rejected, text/ finding
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO names VALUES (1, CAST(x'4d9c6c6c6572' AS TEXT)), (2, CAST(x'ff' AS TEXT)), (3, CAST(x'61e282' AS TEXT)), (4, 'Müller');
