-- VARCHAR without a length (SQLAlchemy String): text
CREATE TABLE notes (id INTEGER NOT NULL, title VARCHAR NOT NULL, body VARCHAR, PRIMARY KEY (id));
INSERT INTO notes VALUES (1, 'a', NULL), (2, '', '');
