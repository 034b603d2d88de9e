-- AUTOINCREMENT whose highest rows were deleted: the identity continues after sqlite_sequence (100), not after the highest row
CREATE TABLE tickets (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL);
INSERT INTO tickets VALUES (1, 'a'), (2, 'b'), (100, 'gone');
DELETE FROM tickets WHERE id = 100;
