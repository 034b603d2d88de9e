//! Tasks of users.

use crate::models::record;
use crate::models::{RecurringPatternId, TaskId, TaskPriority, UserId};
use transfer::values::{Instant, Text};

record! {
    /// A task of a user.
    tasks: Task, NewTask, TaskChanges;
    key generated id: TaskId;
    owner user_id;
    filter {
        user_id: UserId,
        completed: bool,
        parent_task_id: TaskId,
        recurring_pattern_id: RecurringPatternId,
    }
    fixed {
        user_id: UserId,
        created_at: Instant,
    }
    changing {
        parent_task_id: Option<TaskId>,
        recurring_pattern_id: Option<RecurringPatternId>,
        title: Text,
        description: Option<Text>,
        due_date: Option<Instant>,
        priority: TaskPriority,
        completed: bool,
        completed_at: Option<Instant>,
        updated_at: Instant,
    }
}
