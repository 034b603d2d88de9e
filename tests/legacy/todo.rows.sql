-- Todo: rows for todo.schema.sql, as SQLAlchemy writes them (microseconds always, booleans as 0 and 1).
-- Edge values: dates from 1999 to 9999, empty titles beside NULL, several scripts, one key over 32 bits, recurring rules with every weekday.

BEGIN;

INSERT INTO "users" ("id", "email", "name", "password_hash", "created_at", "updated_at") VALUES
    (1, 'ada@x.example', 'Ada', '$2b$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2025-01-01 07:30:00.000000', '2025-01-02 07:30:00.123456'),
    (2, 'bob@x.example', NULL, '', '2025-01-03 07:30:00.000000', NULL),
    (3, 'Ada@X.example', 'other case', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA', NULL, NULL),
    (4, 'ольга@пример.рф', 'Ольга', 'x', '2025-02-28 07:30:00.999999', '2025-03-01 07:30:00.000000'),
    (5, '', '', 'y', '2025-04-01 07:30:00.000000', '2025-04-01 07:30:00.000000');

INSERT INTO "tasks" ("id", "title", "description", "due_date", "completed", "completed_at", "user_id", "priority", "created_at", "updated_at") VALUES
    (1, 'Buy milk', '2 l', '2025-03-01', 0, NULL, 1, 'high', '2025-02-01 07:30:00.000000', '2025-02-01 07:30:00.000000'),
    (2, '', '', NULL, 1, '2025-03-02 07:30:00.000001', 1, 'low', '2025-02-02 07:30:00.000000', '2025-03-02 07:30:00.000000'),
    (3, NULL, NULL, '1999-12-31', NULL, NULL, NULL, NULL, NULL, NULL),
    (4, '買い物 🛒', 'line 1
line 2', '9999-12-31', 0, NULL, 4, 'medium', '2025-02-04 07:30:00.000000', NULL),
    (5, 'It''s "done" \o/', '<script>alert(1)</script>', '2024-02-29', 1, '2025-03-05 07:30:00.000000', 2, '', '2025-02-05 07:30:00.000000', '2025-03-05 07:30:00.000000'),
    (6, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', NULL, '2025-03-30', 0, NULL, 2, 'low', '2025-02-06 07:30:00.000000', NULL),
    (5000000000, 'synced from phone', NULL, NULL, 0, NULL, 1, NULL, '2025-02-07 07:30:00.000000', NULL);

INSERT INTO "recurring_rules" ("id", "user_id", "title", "description", "frequency", "interval", "weekdays", "day_of_month", "priority", "next_due", "active", "created_at", "updated_at") VALUES
    (1, 1, 'Standup', NULL, 'daily', 1, NULL, NULL, 'high', '2025-03-03', 1, '2025-01-01 07:30:00.000000', '2025-01-01 07:30:00.000000'),
    (2, 1, 'Müll rausbringen', 'gelbe Tonne', 'weekly', 2, '0,1,2,3,4,5,6', NULL, NULL, '2025-03-04', 1, '2025-01-02 07:30:00.000000', NULL),
    (3, 4, 'Rent', '', 'monthly', 1, '', 31, 'high', '2025-03-31', 0, '2025-01-03 07:30:00.000000', NULL),
    (4, 2, 'Yearly', '', 'yearly', NULL, '["MON"]', 29, NULL, '2028-02-29', NULL, NULL, NULL),
    (5, 5, 'never', NULL, 'custom', 0, NULL, -1, '', '9999-12-31', 0, '2025-01-05 07:30:00.000000', '2025-01-05 07:30:00.000005');

INSERT INTO "recurring_patterns" ("id", "user_id", "title", "description", "frequency", "interval", "days_of_week", "day_of_month", "start_date", "end_date", "last_generated", "is_active", "created_at") VALUES
    (1, 1, 'Standup', '', 'daily', 1, '1,2,3,4,5', NULL, '2025-01-01', NULL, '2025-03-01 07:30:00.000000', 1, '2025-01-01 07:30:00.000000'),
    (2, 2, 'Gym', NULL, 'weekly', 1, '2', NULL, '2025-01-02', '2025-12-31', NULL, 1, '2025-01-02 07:30:00.000000'),
    (3, 3, '', 'x', 'monthly', 3, NULL, 31, '2024-02-29', '2024-02-29', NULL, 0, NULL),
    (4, 4, 'Отчёт', 'ежемесячно', 'monthly', 1, NULL, 1, '2025-01-01', NULL, '2025-02-01 07:30:00.500000', NULL, '2025-01-04 07:30:00.000000'),
    (5, 5, 'z', NULL, 'daily', 2147483647, '', 0, '1970-01-01', '9999-12-31', NULL, 1, '2025-01-05 07:30:00.000000');

COMMIT;
