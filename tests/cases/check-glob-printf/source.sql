-- Checks with GLOB and printf(): no equal in PostgreSQL; left out, check/ finding; rows arrive
CREATE TABLE ids (id INTEGER PRIMARY KEY, code TEXT CHECK (code GLOB '[A-Z][0-9]*' AND printf('%s', code) = code));
INSERT INTO ids VALUES (1, 'A1');
