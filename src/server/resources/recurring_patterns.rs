//! `/api/recurring-patterns`: rules that generate tasks.

use chrono::NaiveDate;
use serde_json::json;
use utoipa::openapi::Ref;

use crate::models::Record as _;
use crate::models::tasks::{
    NewRecurringPattern, NewTask, Recurrence, RecurringPattern, RecurringPatternChanges, Task, Weekdays,
    due_dates,
};
use crate::models::{Frequency, TaskPriority, UserId};
use crate::server::audit::{RowChange, record_change};
use crate::server::caller::At;
use crate::server::fields::{GivenFields, Shape, to_json};
use crate::server::openapi::object;
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, Done, ResourceAction, resource};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Text, TimeOfDay};

/// Maximum number of tasks per request.
const MOST: usize = 366;

resource! {
    /// A recurrence rule that generates tasks: every n days, weeks (on weekdays) or months (on a day).
    RecurringPattern, "recurring pattern" at "recurring-patterns", RecurringPatterns;
    collections [Collection::User];
    actions [GENERATE];
    new |at| NewRecurringPattern {
        user_id: UserId => at.caller.user,
        title: Text [1..=300],
        description: Option<Text> [0..=20_000],
        frequency: Frequency,
        interval: i32 [1..=1000] = 1,
        days_of_week: Option<Text> [1..=50],
        day_of_month: Option<i32> [1..=31],
        time_of_day: Option<TimeOfDay>,
        start_date: NaiveDate,
        end_date: Option<NaiveDate>,
        is_active: bool = true,
    } with {
        created_at: at.now,
        last_generated_at: None,
    }
    changes |_at| RecurringPatternChanges {
        title: Text [1..=300],
        description: Option<Text> [0..=20_000],
        frequency: Frequency,
        interval: i32 [1..=1000],
        days_of_week: Option<Text> [1..=50],
        day_of_month: Option<i32> [1..=31],
        time_of_day: Option<TimeOfDay>,
        start_date: NaiveDate,
        end_date: Option<NaiveDate>,
        is_active: bool,
    } with {}
    particular {
        fn before_create(
            new: &mut NewRecurringPattern,
            _given: &GivenFields,
            _at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            new.days_of_week = days(new.days_of_week.as_deref())?;
            check(new.frequency, new.interval, new.days_of_week.as_deref(), new.day_of_month, new.start_date)
        }

        fn before_update(
            &self,
            changes: &mut RecurringPatternChanges,
            _at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            if let Some(given) = &changes.days_of_week {
                changes.days_of_week = Some(days(given.as_deref())?);
            }
            let weekdays = changes.days_of_week.clone().unwrap_or_else(|| self.days_of_week.clone());
            check(
                changes.frequency.unwrap_or(self.frequency),
                changes.interval.unwrap_or(self.interval),
                weekdays.as_deref(),
                changes.day_of_month.unwrap_or(self.day_of_month),
                changes.start_date.unwrap_or(self.start_date),
            )
        }
    }
}

/// The weekdays in canonical form.
fn days(given: Option<&str>) -> Result<Option<Text>, HandlerError> {
    let wrong =
        |error: transfer::values::InvalidValue| Problem::field("days_of_week", "invalid", error.to_string());
    let days = given.map(|days| days.parse::<Weekdays>().map_err(wrong)).transpose()?;
    Ok(days.map(|days| Text::new(days.to_string())).transpose()?)
}

fn check(
    frequency: Frequency,
    interval: i32,
    days_of_week: Option<&str>,
    day_of_month: Option<i32>,
    start: NaiveDate,
) -> Result<(), HandlerError> {
    let recurrence = Recurrence::new(frequency, interval, days_of_week, day_of_month, start);
    recurrence.map_err(|error| Problem::field("frequency", "invalid", error.to_string()))?;
    Ok(())
}

const GENERATE: ResourceAction<RecurringPattern> = ResourceAction {
    name: "generate",
    done: "generated",
    about: "Create the tasks that are due up to `until` (default: now); at most 366 per request",
    shapes: || vec![Shape::of::<Option<Instant>>("until", None, None)],
    answer: Some(|| object([("tasks", crate::server::openapi::array(Ref::from_schema_name("Task")))])),
    run: |connection, at, pattern, mut fields| {
        let until: Option<Option<Instant>> = fields.required("until", None);
        fields.finish()?;
        let until = until.flatten().unwrap_or(at.now);
        let due = due_dates(&pattern, until, MOST)?;
        let tasks: Vec<Task> = due
            .iter()
            .map(|due| {
                let task = Task::insert(connection, &task_of(&pattern, *due, at))?;
                record_change(connection, at, RowChange::Created(&task), "created", &[])?;
                Ok(task)
            })
            .collect::<Result<_, HandlerError>>()?;
        // If the limit is reached, more tasks may be due before `until`.
        let reached = due.last().copied().filter(|_| due.len() == MOST).unwrap_or(until);
        let last = pattern.last_generated_at.map_or(reached, |last| last.max(reached));
        let changes = RecurringPatternChanges {
            last_generated_at: Some(Some(last)),
            ..RecurringPatternChanges::default()
        };
        let pattern = RecurringPattern::update(connection, pattern.id, &changes)?;
        let pattern = pattern.ok_or_else(|| Problem::not_found("recurring pattern"))?;
        Ok(Done::Other(pattern, json!({ "tasks": to_json(&tasks) })))
    },
};

fn task_of(pattern: &RecurringPattern, due: Instant, at: &At) -> NewTask {
    NewTask {
        user_id: pattern.user_id,
        created_at: at.now,
        parent_task_id: None,
        recurring_pattern_id: Some(pattern.id),
        title: pattern.title.clone(),
        description: pattern.description.clone(),
        due_date: Some(due),
        priority: TaskPriority::Medium,
        completed: false,
        completed_at: None,
        updated_at: at.now,
    }
}
