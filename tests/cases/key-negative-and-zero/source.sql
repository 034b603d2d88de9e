-- Rowids below 1: identity, continuing at 1 or later; a sequence cannot be set to 0 or below without saying so
CREATE TABLE levels (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO levels VALUES (-5, 'cellar'), (0, 'ground');
