-- INTEGER PRIMARY KEY without AUTOINCREMENT: identity, continuing after the highest row
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO notes VALUES (41, 'a'), (7, 'b');
