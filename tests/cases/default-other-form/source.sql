-- Defaults in another form than the values: converted as a value is, or the same instant in the column's type
CREATE TABLE t (
  id INTEGER PRIMARY KEY,
  data BLOB NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT 0.0,
  weight REAL NOT NULL DEFAULT '1.5',
  active BOOLEAN NOT NULL DEFAULT 'FALSE',
  born DATETIME NOT NULL DEFAULT '2000-01-01 00:00:00+00:00',
  changed DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  day DATE NOT NULL DEFAULT '2000-01-01 00:00:00',
  amount DECIMAL(10, 2) NOT NULL DEFAULT '0'
);
INSERT INTO t (id, data, born, changed, day) VALUES (1, x'01', '2024-05-31 12:00:00', 1717156800, '2024-05-31');
