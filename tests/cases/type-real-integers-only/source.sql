-- A REAL column with whole numbers only stays double precision; SQLite stores them as integers on disk and gives reals
CREATE TABLE temps (id INTEGER PRIMARY KEY, t REAL NOT NULL);
INSERT INTO temps VALUES (1, 20), (2, -3), (3, 9007199254740993);
