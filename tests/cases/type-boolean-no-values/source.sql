-- BOOLEAN with NULLs only: boolean, as declared
CREATE TABLE answers (id INTEGER PRIMARY KEY, correct BOOLEAN);
INSERT INTO answers VALUES (1, NULL), (2, NULL);
