-- A partial unique index WHERE kind IS NOT NULL AND at > 0: carried; rows outside of it may repeat
CREATE TABLE log (line TEXT, at INTEGER);
CREATE UNIQUE INDEX log_at ON log (at) WHERE line IS NOT NULL AND at > 0;
INSERT INTO log VALUES ('a', 1), (NULL, 1), ('b', 2), ('c', 0), ('d', 0);
