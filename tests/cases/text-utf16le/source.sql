-- A UTF-16 database (little-endian) with characters outside the BMP: text arrives as it is
PRAGMA encoding='UTF-16le';
CREATE TABLE msgs (id INTEGER PRIMARY KEY, body TEXT NOT NULL, short VARCHAR(2));
INSERT INTO msgs VALUES (1, 'Grüße', 'ab'), (2, '😀 漢字', '😀'), (3, '', NULL);
