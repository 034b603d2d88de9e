-- Firefox's places: visit times as microseconds in INTEGER columns (bigint, no instant guessed), url_hash over 32 bits, an empty guid
CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR, visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL, frecency INTEGER DEFAULT -1 NOT NULL, last_visit_date INTEGER, guid TEXT, url_hash INTEGER DEFAULT 0 NOT NULL);
CREATE INDEX moz_places_url_hashindex ON moz_places (url_hash);
CREATE UNIQUE INDEX moz_places_guid_uniqueindex ON moz_places (guid);
INSERT INTO moz_places VALUES (1, 'https://www.mozilla.org/', 'Mozilla', 'gro.allizom.www.', 3, 0, 100, 1717156800123456, 'AbCdEfGhIjKl', 47356370932282), (2, 'about:blank', NULL, NULL, 0, 1, -1, NULL, NULL, 0);
