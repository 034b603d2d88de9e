-- Only the text with NUL is longer than VARCHAR(3): it is rejected; whether the column stays VARCHAR is open, the others arrive
CREATE TABLE codes (id INTEGER PRIMARY KEY, c VARCHAR(3));
INSERT INTO codes VALUES (1, 'abc'), (2, 'abc' || char(0) || 'd'), (3, '');
