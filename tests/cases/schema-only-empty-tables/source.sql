-- Tables without rows: made, empty; keys, identities and foreign keys are there
CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id), price DECIMAL(8,2), flag BOOLEAN, u UUID, j JSON);
