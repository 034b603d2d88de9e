-- Years over 9999 and before Christ: '10000-01-01' and '-0044-03-15' are no ISO form found elsewhere; text, a finding
CREATE TABLE eras (id INTEGER PRIMARY KEY, day DATE);
INSERT INTO eras VALUES (1, '10000-01-01'), (2, '-0044-03-15'), (3, '2024-05-31');
