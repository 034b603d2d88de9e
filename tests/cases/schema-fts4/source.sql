-- An FTS4 table (older applications): listed; its shadow tables _content, _segments, _segdir, _docsize, _stat are not carried
CREATE VIRTUAL TABLE mail USING fts4(subject, body);
INSERT INTO mail VALUES ('s', 'b');
CREATE TABLE mail_box (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO mail_box VALUES (1, 'in');
