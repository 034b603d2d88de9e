-- DATETIME as Sequelize writes it, '2024-05-31 12:00:00.000 +00:00' with a space before the offset: timestamptz
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00.000 +00:00'), (2, '2024-05-31 23:30:00.250 +00:00');
