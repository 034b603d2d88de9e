-- Names in backticks, brackets, double and single quotes: four ways to write a name
CREATE TABLE `a` ([b c] INTEGER PRIMARY KEY, "d" TEXT, 'e' TEXT, `f``g` TEXT);
CREATE INDEX 'i' ON [a] (`d`, "e");
INSERT INTO a VALUES (1, 'x', 'y', 'z');
