//! Tasks and recurring patterns.

mod recurrence;
mod recurring_patterns;
#[expect(clippy::module_inception, reason = "a file per table, and one is named like the module")]
mod tasks;
mod weekdays;

pub use recurrence::{Recurrence, due_dates};
pub use recurring_patterns::{NewRecurringPattern, RecurringPattern, RecurringPatternChanges};
pub use tasks::{NewTask, Task, TaskChanges};
pub use weekdays::Weekdays;
