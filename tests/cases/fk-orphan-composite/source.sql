-- An orphan of a composite key; a row with a NULL part beside it is none
PRAGMA foreign_keys=OFF;

CREATE TABLE rooms (house TEXT, number INTEGER, PRIMARY KEY (house, number)) WITHOUT ROWID;
CREATE TABLE bookings (id INTEGER PRIMARY KEY, house TEXT, number INTEGER, FOREIGN KEY (house, number) REFERENCES rooms);
INSERT INTO rooms VALUES ('A', 1);
INSERT INTO bookings VALUES (1, 'A', 1), (2, 'A', 2), (3, 'Z', NULL);
