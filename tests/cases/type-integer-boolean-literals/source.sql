-- TRUE and FALSE in an INTEGER column are 1 and 0: integer, not boolean
CREATE TABLE flags (id INTEGER PRIMARY KEY, enabled INTEGER NOT NULL DEFAULT TRUE);
INSERT INTO flags VALUES (1, TRUE), (2, FALSE);
