-- Views over UUIDs of 16 bytes, which become uuid, and over blobs beside them: hex, parts, order, joins with bytes
CREATE TABLE device (id UUID PRIMARY KEY NOT NULL, name TEXT);
CREATE TABLE event (id INTEGER PRIMARY KEY, device BLOB NOT NULL);
INSERT INTO device VALUES (x'018f3c1e7b2a7c3d8e4f0123456789ab', 'a'), (x'ffffffffffffffffffffffffffffffff', 'b');
INSERT INTO event VALUES (1, x'018f3c1e7b2a7c3d8e4f0123456789ab'), (2, x'00');
CREATE VIEW spelled AS SELECT lower(hex(id)) AS hex, substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) AS start, length(id) AS length FROM device;
CREATE VIEW joined AS SELECT d.name, e.id FROM device d JOIN event e ON d.id = e.device;
CREATE VIEW last AS SELECT max(id) AS id FROM device WHERE id > x'01' AND id IN (SELECT device FROM event);
CREATE VIEW named AS SELECT hex FROM spelled WHERE hex = '018f3c1e7b2a7c3d8e4f0123456789ab';
