-- An R*Tree with its shadow tables _node, _parent, _rowid: listed, not carried
CREATE VIRTUAL TABLE areas USING rtree(id, x0, x1, y0, y1);
INSERT INTO areas VALUES (1, 0, 1, 0, 1);
CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO places VALUES (1, 'here');
