-- A default longer than its VARCHAR(3): PostgreSQL would refuse it when used; text, or left out with a finding
CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(3) DEFAULT 'unknown');
INSERT INTO t VALUES (1, 'abc');
