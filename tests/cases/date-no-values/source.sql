-- DATE without values: date as declared
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATE);
INSERT INTO events VALUES (1, NULL);
