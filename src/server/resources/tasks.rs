//! `/api/tasks`: what people have to do.

use crate::models::Record as _;
use crate::models::tasks::{NewTask, Task, TaskChanges};
use crate::models::{RecurringPatternId, TaskId, TaskPriority, UserId};
use crate::server::caller::At;
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, Done, Parent, ResourceAction, resource};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Text};

/// Tasks within tasks, at most.
const DEEPEST: usize = 32;

resource! {
    /// Something a person has to do; perhaps a part of something larger, perhaps made by a recurring pattern.
    Task, "task" at "tasks", Tasks;
    collections [
        Collection::User,
        Parent::of::<TaskId>("tasks", "task", "parent_task_id"),
        Parent::of::<RecurringPatternId>("recurring-patterns", "recurring pattern", "recurring_pattern_id"),
    ];
    actions [COMPLETE];
    new |at| NewTask {
        user_id: UserId => at.caller.user,
        parent_task_id: Option<TaskId>,
        recurring_pattern_id: Option<RecurringPatternId>,
        title: Text [1..=300],
        description: Option<Text>,
        due_date: Option<Instant>,
        priority: TaskPriority = TaskPriority::Medium,
        completed: bool = false,
    } with {
        created_at: at.now,
        completed_at: None,
        updated_at: at.now,
    }
    changes |at| TaskChanges {
        parent_task_id: Option<TaskId>,
        recurring_pattern_id: Option<RecurringPatternId>,
        title: Text [1..=300],
        description: Option<Text>,
        due_date: Option<Instant>,
        priority: TaskPriority,
        completed: bool,
    } with {
        updated_at: Some(at.now),
    }
    particular {
        fn before_create(new: &mut NewTask, at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            new.completed_at = new.completed.then_some(at.now);
            check_parents(new.parent_task_id, None, connection)
        }

        fn before_update(
            &self,
            changes: &mut TaskChanges,
            at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            // What is completed already was completed when it was.
            changes.completed_at = match changes.completed {
                Some(true) => Some(self.completed_at.or(Some(at.now))),
                Some(false) => Some(None),
                None => None,
            };
            check_parents(changes.parent_task_id.flatten(), Some(self.id), connection)
        }
    }
}

/// A task is not a part of itself, nor of its parts.
fn check_parents(
    parent: Option<TaskId>,
    task: Option<TaskId>,
    connection: &mut AnyConnection,
) -> Result<(), HandlerError> {
    let mut next = parent;
    for _ in 0..DEEPEST {
        let Some(parent) = next else {
            return Ok(());
        };
        if Some(parent) == task {
            return Err(Problem::field(
                "parent_task_id",
                "circular",
                "must not be the task itself or one of its subtasks",
            )
            .into());
        }
        // Locked: two tasks made parts of each other at once must meet.
        next = Task::lock(connection, parent)?.and_then(|parent| parent.parent_task_id);
    }
    Err(Problem::field("parent_task_id", "too_deep", format!("subtasks are limited to {DEEPEST} levels"))
        .into())
}

const COMPLETE: ResourceAction<Task> = ResourceAction {
    name: "complete",
    done: "completed",
    about: "Complete a task; a completed task is unchanged",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, task, fields| {
        fields.finish()?;
        if task.completed {
            return Ok(Done::Unchanged(task));
        }
        let changes = TaskChanges {
            completed: Some(true),
            completed_at: Some(Some(at.now)),
            updated_at: Some(at.now),
            ..TaskChanges::default()
        };
        let task = Task::update(connection, task.id, &changes)?;
        Ok(Done::Row(task.ok_or_else(|| Problem::not_found("task"))?))
    },
};
