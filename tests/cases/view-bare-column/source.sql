-- A view that takes a column outside of GROUP BY (SQLite's bare column with max()): no such thing in PostgreSQL; view/ finding
CREATE TABLE runs (id INTEGER PRIMARY KEY, team TEXT, points INTEGER, day TEXT);
CREATE VIEW best AS SELECT team, max(points), day FROM runs GROUP BY team;
INSERT INTO runs VALUES (1, 'a', 5, 'mo'), (2, 'a', 7, 'tu');
