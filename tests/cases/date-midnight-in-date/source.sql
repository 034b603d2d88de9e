-- DATE that holds midnights (SQLAlchemy DateTime in a DATE column, EF Core): date
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATE);
INSERT INTO events VALUES (1, '2024-05-31 00:00:00'), (2, '2024-06-01 00:00:00.000000');
