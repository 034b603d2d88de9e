-- DATE with ISO dates only, also before 1900 and after 9999's last day but one: date
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATE);
INSERT INTO events VALUES (1, '2024-02-29'), (2, '1582-10-15'), (3, '0001-01-01'), (4, '9999-12-31'), (5, NULL);
