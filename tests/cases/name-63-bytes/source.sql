-- Names of exactly 63 bytes, in ASCII and with a two-byte character at the end: kept exactly
CREATE TABLE ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (id INTEGER PRIMARY KEY, cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccé TEXT);
INSERT INTO ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt VALUES (1, 'v');
