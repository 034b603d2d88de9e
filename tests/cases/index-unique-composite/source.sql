-- UNIQUE over two columns as a named constraint: carried in its order
CREATE TABLE memberships (team INTEGER NOT NULL, person INTEGER NOT NULL, CONSTRAINT one_each UNIQUE (person, team));
INSERT INTO memberships VALUES (1, 1), (1, 2), (2, 1);
