-- UUID in lower case with hyphens: uuid
CREATE TABLE sessions (id UUID PRIMARY KEY, owner UUID);
INSERT INTO sessions VALUES ('018f3c1e-7b2a-7c3d-8e4f-0123456789ab', NULL), ('ffffffff-ffff-ffff-ffff-ffffffffffff', '00000000-0000-0000-0000-000000000000');
