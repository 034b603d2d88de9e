-- JSON nested 2,000 deep: no crash on our side, no row lost, whichever type it gets
CREATE TABLE docs (id INTEGER PRIMARY KEY, data JSON);
INSERT INTO docs VALUES (1, replace(hex(zeroblob(1000)), '00', '[[') || replace(hex(zeroblob(1000)), '00', ']]')), (2, '[]');
