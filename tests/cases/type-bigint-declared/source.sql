-- BIGINT with small values only: bigint, because it is declared so
CREATE TABLE counters (id BIGINT NOT NULL PRIMARY KEY, hits BIGINT);
INSERT INTO counters VALUES (1, 10), (2, NULL);
