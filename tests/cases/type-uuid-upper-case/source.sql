-- UUID in upper case: uuid would print it otherwise; text, a widening
CREATE TABLE licences (id INTEGER PRIMARY KEY, key UUID);
INSERT INTO licences VALUES (1, '018F3C1E-7B2A-7C3D-8E4F-0123456789AB'), (2, '018f3c1e-7b2a-7c3d-8e4f-0123456789ab');
