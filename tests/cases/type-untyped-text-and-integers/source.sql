-- A column without a type, text and integers: text; the integer 1 and the text '1' are both '1' then, reported
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value);
INSERT INTO meta VALUES ('a', 1), ('b', '1'), ('c', 'x'), ('d', NULL);
