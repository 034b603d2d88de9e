-- A virtual table of a module that is not there (spatialite, spellfix): listed (schema/), stops nothing else
CREATE TABLE cities (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO cities VALUES (1, 'Bonn');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'fuzzy', 'fuzzy', 0, 'CREATE VIRTUAL TABLE fuzzy USING spellfix1(edit_cost_table=costs)');
PRAGMA writable_schema=OFF;
