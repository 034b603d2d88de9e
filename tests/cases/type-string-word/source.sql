-- STRING has NUMERIC affinity: '007' is the integer 7 in the file already; with a word beside it the column is text '7'
CREATE TABLE agents (id INTEGER PRIMARY KEY, code STRING, name STRING);
INSERT INTO agents VALUES (1, '007', 'Bond'), (2, 'Q', 'Boothroyd');
