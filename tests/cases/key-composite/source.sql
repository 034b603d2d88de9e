-- A composite primary key, in its own order, not that of the columns
CREATE TABLE enrolments (student_id INTEGER NOT NULL, course TEXT NOT NULL, term INTEGER NOT NULL, PRIMARY KEY (term, course, student_id));
INSERT INTO enrolments VALUES (1, 'math', 2024), (2, 'math', 2024), (1, 'math', 2025);
