-- NaN cannot be stored in SQLite, it is NULL: nothing to report
CREATE TABLE ratios (id INTEGER PRIMARY KEY, r REAL);
INSERT INTO ratios VALUES (1, 9e999 - 9e999), (2, 0.5);
