//! Rows of tasks and recurring patterns.

use super::context::Context;
use super::plan::TableSeed;
use super::steps::{Seeded, ValueResult};
use super::words::SUBJECTS;
use crate::models::tasks::{RecurringPattern, Task};
use crate::models::tenancy::User;
use crate::models::{Frequency, RecurringPatternId, TaskId, TaskPriority};

/// The number of users with tasks: the first fifth.
fn keepers(cx: &Context<'_>) -> u64 {
    cx.count::<User>().div_ceil(5).max(1)
}

impl Seeded for RecurringPattern {
    const SHARE: u64 = 60;

    fn nth_key(plan: &TableSeed, index: u64) -> RecurringPatternId {
        RecurringPatternId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let frequency = cx.word(Frequency::ALL);
        Ok(Self {
            id: cx.own_key::<Self>(),
            user_id: cx.key::<User>(cx.index() % keepers(cx)),
            created_at,
            title: cx.label(300, SUBJECTS)?,
            description: cx.maybe(40, Context::prose)?,
            frequency,
            interval: cx.int(1..=4),
            days_of_week: cx
                .when(frequency == Frequency::Weekly, |cx| cx.label(50, &["mon", "mon,thu", "sat,sun"]))?,
            day_of_month: cx.when(frequency == Frequency::Monthly, |cx| ValueResult::Ok(cx.int(1..=31)))?,
            time_of_day: cx.maybe(75, Context::time_of_day)?,
            start_date: cx.day_within(30, created_at)?,
            end_date: cx.maybe(30, |cx| cx.day_within(700, created_at))?,
            last_generated_at: cx.maybe(70, |cx| cx.within(90, created_at))?,
            is_active: cx.chance(80),
        })
    }
}

/// The index of a task's parent, which is another task of the same user.
///
/// Every third task of a user, from the second on, can be a parent: of the task before it, which thereby refers to a
/// row that is inserted later, and of the task after it. Parents have no parents.
fn parent_of(cx: &mut Context<'_>) -> Option<u64> {
    let (index, keepers) = (cx.index(), keepers(cx));
    let parent = match index / keepers % 3 {
        0 => index + keepers,
        1 => return None,
        _ => index - keepers,
    };
    (parent < cx.count::<Task>() && cx.chance(60)).then_some(parent)
}

impl Seeded for Task {
    const SHARE: u64 = 300;

    fn nth_key(plan: &TableSeed, index: u64) -> TaskId {
        TaskId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let keepers = keepers(cx);
        let user = cx.index() % keepers;
        let pattern = cx.any_of::<RecurringPattern>(user, keepers);
        let completed = cx.chance(55);
        Ok(Self {
            id: cx.own_key::<Self>(),
            user_id: cx.key::<User>(user),
            created_at,
            parent_task_id: parent_of(cx).map(|parent| cx.key::<Self>(parent)),
            recurring_pattern_id: pattern.map(|pattern| cx.key::<RecurringPattern>(pattern)),
            title: cx.label(300, SUBJECTS)?,
            description: cx.maybe(50, Context::prose)?,
            due_date: cx.maybe(60, |cx| cx.within(60, created_at))?,
            priority: cx.word(TaskPriority::ALL),
            completed,
            completed_at: cx.when(completed, |cx| cx.within(45, created_at))?,
            updated_at: cx.updated(created_at)?,
        })
    }
}
