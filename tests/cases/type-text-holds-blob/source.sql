-- A TEXT column with blobs between (Anki, old Python pickles): bytea; text becomes its UTF-8 bytes, a widening
CREATE TABLE col (id INTEGER PRIMARY KEY, conf TEXT NOT NULL);
INSERT INTO col VALUES (1, 'ä'), (2, x'8004950a'), (3, '');
