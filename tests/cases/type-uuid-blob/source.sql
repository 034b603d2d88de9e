-- UUID as 16 bytes: uuid
CREATE TABLE devices (id UUID NOT NULL PRIMARY KEY, name TEXT);
INSERT INTO devices VALUES (x'018f3c1e7b2a7c3d8e4f0123456789ab', 'a'), (zeroblob(16), 'b');
