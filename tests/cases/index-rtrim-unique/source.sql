-- UNIQUE with RTRIM: 'a' and 'a ' are one value there; kept by an expression index or listed; both kinds of rows arrive unchanged
CREATE TABLE codes (id INTEGER PRIMARY KEY, code TEXT COLLATE RTRIM NOT NULL UNIQUE);
INSERT INTO codes VALUES (1, 'a  '), (2, 'b'), (3, ' c');
