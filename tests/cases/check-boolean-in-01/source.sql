-- SQLAlchemy's CHECK (flag IN (0, 1)) on a BOOLEAN: the column becomes boolean, so the check must speak of booleans or be left out with a finding
CREATE TABLE users (id INTEGER NOT NULL, flag BOOLEAN, PRIMARY KEY (id), CHECK (flag IN (0, 1)));
INSERT INTO users VALUES (1, 1), (2, 0), (3, NULL);
