-- ISO dates with a space before or after: PostgreSQL would trim; text, a finding, spaces kept
CREATE TABLE imports (id INTEGER PRIMARY KEY, day DATE);
INSERT INTO imports VALUES (1, ' 2024-05-31'), (2, '2024-06-01 '), (3, '2024-06-02');
