-- Numbers given to TEXT columns are text already: leading zeros and 15 digits after the point stay
CREATE TABLE contacts (id INTEGER PRIMARY KEY, zip TEXT, phone TEXT);
INSERT INTO contacts VALUES (1, '00123', '+4900123'), (2, 1234, 1.5);
