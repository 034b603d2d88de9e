-- A view with a double-quoted string ("open", no column): a string, not a name
CREATE TABLE tickets (id INTEGER PRIMARY KEY, state TEXT);
CREATE VIEW open_tickets AS SELECT id FROM tickets WHERE state = "open";
INSERT INTO tickets VALUES (1, 'open'), (2, 'done');
