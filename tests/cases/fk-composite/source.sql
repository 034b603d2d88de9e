-- A composite foreign key declared in another order than the parent's key: columns stay paired; a NULL part is no reference
PRAGMA foreign_keys=OFF;

CREATE TABLE rooms (building TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (building, number));
CREATE TABLE bookings (id INTEGER PRIMARY KEY, room INTEGER, house TEXT, FOREIGN KEY (room, house) REFERENCES rooms (number, building));
INSERT INTO rooms VALUES ('A', 1), ('B', 2);
INSERT INTO bookings VALUES (1, 1, 'A'), (2, NULL, 'Z'), (3, 2, 'B');
