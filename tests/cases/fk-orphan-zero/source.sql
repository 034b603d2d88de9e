-- 0 for no parent (old PHP): orphans; they stay, the constraint is NOT VALID
PRAGMA foreign_keys=OFF;

CREATE TABLE menu (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL DEFAULT 0 REFERENCES menu (id));
INSERT INTO menu VALUES (1, 0), (2, 1), (3, 0);
