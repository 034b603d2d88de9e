-- A VIRTUAL generated column of text: STORED in PostgreSQL, the same values
CREATE TABLE people (id INTEGER PRIMARY KEY, first TEXT NOT NULL, last TEXT, full TEXT AS (first || ' ' || coalesce(last, '?')));
INSERT INTO people (id, first, last) VALUES (1, 'Ada', 'L'), (2, 'Bob', NULL);
