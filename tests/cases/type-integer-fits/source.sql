-- INTEGER at both ends of 32 bits: stays integer, nothing to report
CREATE TABLE readings (id INTEGER PRIMARY KEY, raw INTEGER NOT NULL, delta INT);
INSERT INTO readings VALUES (1, 2147483647, 0), (2, -2147483648, NULL), (3, 0, -1);
