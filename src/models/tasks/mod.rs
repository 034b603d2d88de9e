//! Tasks and the patterns that make them.

mod recurring_patterns;
mod tasks;

pub use recurring_patterns::{NewRecurringPattern, RecurringPattern, RecurringPatternChanges};
pub use tasks::{NewTask, Task, TaskChanges};
