-- DATETIME in ISO form with a space, fractions of 0 to 6 digits (Django, SQLAlchemy): timestamp, every microsecond
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO events VALUES (1, '2024-05-31 12:00:00'), (2, '2024-05-31 12:00:00.123456'), (3, '2024-05-31 12:00:00.5'), (4, '1969-12-31 23:59:59.999999');
