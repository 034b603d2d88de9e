-- DATETIME that holds milliseconds since 1970 (Prisma, Java, JavaScript): timestamptz, milliseconds kept
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, 1717156800123), (2, 1700000000000), (3, 1735689599999);
