-- UUID with and without hyphens in one column: the forms differ; text, a widening
CREATE TABLE licences (id INTEGER PRIMARY KEY, key UUID);
INSERT INTO licences VALUES (1, '018f3c1e7b2a7c3d8e4f0123456789ab'), (2, '018f3c1e-7b2a-7c3d-8e4f-0123456789ab'), (3, '{018f3c1e-7b2a-7c3d-8e4f-0123456789ab}');
