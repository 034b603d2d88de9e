-- REFERENCES without columns to a table without a primary key: not carried, foreign-key/ finding
PRAGMA foreign_keys=OFF;

CREATE TABLE raw (id INTEGER, name TEXT);
CREATE TABLE refs (raw_id INTEGER REFERENCES raw);
INSERT INTO raw VALUES (1, 'a');
INSERT INTO refs VALUES (1);
