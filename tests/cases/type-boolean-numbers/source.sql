-- BOOLEAN with 0, 1 and NULL (SQLAlchemy): boolean; the defaults 0, TRUE and '1' keep their meaning
CREATE TABLE users (id INTEGER PRIMARY KEY, active BOOLEAN NOT NULL DEFAULT TRUE, admin BOOLEAN DEFAULT 0, mail bool DEFAULT '1');
INSERT INTO users VALUES (1, 1, 0, 1), (2, 0, NULL, 0);
