-- UNIQUE PRIMARY KEY (Sequelize) and a unique index over the same column: unique once at least, no failure
CREATE TABLE `tags` (`_id` VARCHAR(255) UNIQUE PRIMARY KEY, `name` VARCHAR(255) NOT NULL UNIQUE);
CREATE UNIQUE INDEX `tags_name_unique` ON `tags` (`name`);
INSERT INTO `tags` VALUES ('a1', 'x'), ('a2', 'y');
