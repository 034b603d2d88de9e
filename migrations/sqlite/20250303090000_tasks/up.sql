-- Tasks, and the patterns that make them.
-- Undone by down.sql, which drops these tables with the rows in them.

CREATE TABLE recurring_patterns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    description TEXT CHECK (instr(description, char(0)) = 0),
    frequency TEXT NOT NULL CHECK (frequency IN ('daily', 'weekly', 'monthly')),
    interval INTEGER NOT NULL DEFAULT 1 CHECK (interval BETWEEN -2147483648 AND 2147483647),
    days_of_week TEXT CHECK (length(days_of_week) <= 50 AND instr(days_of_week, char(0)) = 0),
    day_of_month INTEGER CHECK (day_of_month BETWEEN -2147483648 AND 2147483647),
    time_of_day TEXT CHECK (time_of_day GLOB '[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]' AND time_of_day < '24'),
    start_date TEXT NOT NULL CHECK (start_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND start_date IS date(start_date) AND start_date >= '0001'),
    end_date TEXT CHECK (end_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND end_date IS date(end_date) AND end_date >= '0001'),
    last_generated_at TEXT CHECK (last_generated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(last_generated_at, 1, 10) IS date(substr(last_generated_at, 1, 10)) AND substr(last_generated_at, 12, 2) < '24' AND last_generated_at >= '0001'),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE INDEX idx_recurring_user_id ON recurring_patterns (user_id);

CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    parent_task_id INTEGER REFERENCES tasks (id) ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE,
    recurring_pattern_id INTEGER REFERENCES recurring_patterns (id) ON DELETE SET NULL,
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    description TEXT CHECK (instr(description, char(0)) = 0),
    due_date TEXT CHECK (due_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(due_date, 1, 10) IS date(substr(due_date, 1, 10)) AND substr(due_date, 12, 2) < '24' AND due_date >= '0001'),
    priority TEXT NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high')),
    completed INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),
    completed_at TEXT CHECK (completed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(completed_at, 1, 10) IS date(substr(completed_at, 1, 10)) AND substr(completed_at, 12, 2) < '24' AND completed_at >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE INDEX idx_tasks_user_id ON tasks (user_id);
CREATE INDEX idx_tasks_parent_task_id ON tasks (parent_task_id);
CREATE INDEX idx_tasks_recurring_pattern_id ON tasks (recurring_pattern_id);
