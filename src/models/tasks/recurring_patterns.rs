//! Recurring patterns.

use chrono::NaiveDate;

use crate::models::record;
use crate::models::{Frequency, RecurringPatternId, UserId};
use transfer::values::{Instant, Text, TimeOfDay};

record! {
    /// A recurrence rule that generates tasks.
    recurring_patterns: RecurringPattern, NewRecurringPattern, RecurringPatternChanges;
    key generated id: RecurringPatternId;
    owner user_id;
    filter {
        user_id: UserId,
    }
    fixed {
        user_id: UserId,
        created_at: Instant,
    }
    changing {
        title: Text,
        description: Option<Text>,
        frequency: Frequency,
        interval: i32,
        days_of_week: Option<Text>,
        day_of_month: Option<i32>,
        time_of_day: Option<TimeOfDay>,
        start_date: NaiveDate,
        end_date: Option<NaiveDate>,
        last_generated_at: Option<Instant>,
        is_active: bool,
    }
}
