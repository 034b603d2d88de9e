-- TINYINT(1) with 0 and 1 only (Sequelize, MySQL): boolean; the default 0 becomes false
CREATE TABLE `accounts` (`id` INTEGER PRIMARY KEY, `active` TINYINT(1) DEFAULT 0, `locked` TINYINT(1));
INSERT INTO `accounts` VALUES (1, 1, NULL), (2, 0, 1);
