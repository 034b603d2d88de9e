-- An INTEGER column holds words (age 'unknown'): text, reported with count and first keys; integers become their digits
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER);
INSERT INTO people VALUES (1, 'Ada', 36), (2, 'Bob', 'unknown'), (3, 'Cy', NULL), (4, 'Di', '12 or 13'), (5, 'Ed', ' 41');
