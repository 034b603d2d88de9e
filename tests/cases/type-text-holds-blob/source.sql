-- A TEXT column with blobs between (Anki, old Python pickles): text, and the row with the blob is rejected, named
CREATE TABLE col (id INTEGER PRIMARY KEY, conf TEXT NOT NULL);
INSERT INTO col VALUES (1, 'ä'), (2, x'8004950a'), (3, '');
