-- One row with two broken texts is one reject, not two
CREATE TABLE names (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO names VALUES (1, CAST(x'ff' AS TEXT), CAST(x'fe' AS TEXT)), (2, 'x', 'y');
