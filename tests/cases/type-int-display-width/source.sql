-- UNSIGNED INT(11) as a MySQL dump leaves it: the width means nothing; bigint because 4294967295 is there
CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_author UNSIGNED INT(11) NOT NULL DEFAULT '0', menu_order INT(11) NOT NULL DEFAULT '0');
INSERT INTO wp_posts VALUES (1, 4294967295, 0), (2, 1, -1);
