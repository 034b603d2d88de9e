-- Comments everywhere in the CREATE text, one that looks like a constraint, one not closed at the end
CREATE TABLE t ( -- CHECK (id > 100), PRIMARY KEY (b)
  id INTEGER /* TEXT */ PRIMARY /* UNIQUE */ KEY, -- )
  b /* ; DROP TABLE t; */ TEXT NOT NULL DEFAULT '-- no comment /* either */', /* c TEXT, */
  d INTEGER -- ends here
) /* not closed
  */;
INSERT INTO t (id, d) VALUES (1, 2);
