-- Embeddings written from 32-bit floats: 0.10000000149011612 stays that, not 0.1
CREATE TABLE scores (id INTEGER PRIMARY KEY, score FLOAT);
INSERT INTO scores VALUES (1, 0.10000000149011612), (2, 16777217);
