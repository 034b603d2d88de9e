-- CHECK (length(code) = 3 AND code = upper(code)): carried
CREATE TABLE airports (code TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 3 AND code = upper(code)), name TEXT);
INSERT INTO airports VALUES ('FRA', 'Frankfurt');
