-- DESC and ASC order NULLs otherwise in PostgreSQL; only the order of an index, not a value: carried
CREATE TABLE tasks (id INTEGER PRIMARY KEY, due TEXT, prio INTEGER);
CREATE INDEX tasks_due ON tasks (due ASC, prio DESC);
INSERT INTO tasks VALUES (1, NULL, 1), (2, '2024', NULL);
