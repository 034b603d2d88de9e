-- BOOLEAN that holds '' and 'yes': text, a widening; 0 and 1 become '0' and '1'
CREATE TABLE forms (id INTEGER PRIMARY KEY, agreed BOOLEAN);
INSERT INTO forms VALUES (1, 1), (2, ''), (3, 'yes');
