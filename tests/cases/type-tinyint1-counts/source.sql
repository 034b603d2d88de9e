-- TINYINT(1) that holds 2 is a number, not a truth value: integer
CREATE TABLE `votes` (`id` INTEGER PRIMARY KEY, `weight` TINYINT(1) NOT NULL DEFAULT 1);
INSERT INTO `votes` VALUES (1, 0), (2, 1), (3, 2);
