-- CHECK (status IN (...)) as Django's and SQLAlchemy's enums make it: carried
CREATE TABLE orders (id INTEGER PRIMARY KEY, status VARCHAR(8) NOT NULL, CONSTRAINT order_status CHECK (status IN ('NEW', 'PAID', 'it''s')));
INSERT INTO orders VALUES (1, 'NEW'), (2, 'it''s');
