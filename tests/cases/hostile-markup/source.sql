-- Markup and terminal escapes in names and values, for reports in HTML and text: values unchanged in the database, escaped in reports
CREATE TABLE "<script>alert(1)</script>" (id INTEGER PRIMARY KEY, "<img src=x onerror=alert(1)>" INTEGER, "red[31m" TEXT);
INSERT INTO "<script>alert(1)</script>" VALUES (1, '<b>', char(27) || '[2J');
