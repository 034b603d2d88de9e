-- An index over quote() and printf(), which have no equal: not carried, index/ finding; rows arrive
CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
CREATE INDEX docs_quoted ON docs (quote(body), printf('%06d', id));
INSERT INTO docs VALUES (1, '{"a":1}'), (2, NULL);
