-- A database with one view and no table: the view is translated
CREATE VIEW one AS SELECT 1 AS a, 'x' AS b;
