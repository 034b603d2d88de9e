//! Due dates of a recurring pattern, in UTC.
//!
//! Periods of `interval` days, weeks (from Monday) or months are counted from the start of the pattern, so the result
//! does not depend on the time of the request. `last_generated_at` is the last due time for which tasks were
//! generated: the caller stores the last returned date if the limit was reached, otherwise `until`. Thus no task is
//! generated twice or skipped.

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta, Weekday};

use super::{RecurringPattern, Weekdays};
use crate::models::Frequency;
use transfer::values::{Instant, InvalidValue};

const DAY_MICROS: i64 = 86_400_000_000;

/// A validated recurrence rule.
#[derive(Clone, Copy, Debug)]
pub struct Recurrence {
    start: NaiveDate,
    interval: u32,
    on: On,
}

/// The days within a period.
#[derive(Clone, Copy, Debug)]
enum On {
    EveryDay,
    Weekdays(Weekdays),
    DayOfMonth(u32),
}

impl Recurrence {
    /// Validates the columns for the frequency of a pattern; the others are ignored.
    ///
    /// # Errors
    /// When the interval is below 1, the weekdays are empty, the day of the month is not between 1 and 31, or the
    /// start is outside of the years 1 to 9999.
    pub fn new(
        frequency: Frequency,
        interval: i32,
        days_of_week: Option<&str>,
        day_of_month: Option<i32>,
        start: NaiveDate,
    ) -> Result<Self, InvalidValue> {
        let positive = u32::try_from(interval).ok().filter(|interval| *interval > 0);
        let interval = positive.ok_or_else(|| InvalidValue::new("interval must be at least 1"))?;
        if !(1..=9999).contains(&start.year()) {
            return Err(InvalidValue::new(format!("start {start} must be within the years 1 to 9999")));
        }
        let on = match frequency {
            Frequency::Daily => On::EveryDay,
            Frequency::Weekly => match days_of_week {
                Some(days) => On::Weekdays(days.parse()?),
                None => On::Weekdays(start.weekday().into()),
            },
            Frequency::Monthly => match day_of_month {
                Some(day) => {
                    let valid = u32::try_from(day).ok().filter(|day| (1..=31).contains(day));
                    On::DayOfMonth(
                        valid
                            .ok_or_else(|| InvalidValue::new("day of the month must be between 1 and 31"))?,
                    )
                }
                None => On::DayOfMonth(start.day()),
            },
        };
        Ok(Self { start, interval, on })
    }

    /// The number of the period that contains `date`; 0 for earlier dates.
    fn period_of(&self, date: NaiveDate) -> u64 {
        let months = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
        let passed = match self.on {
            On::EveryDay => (date - self.start).num_days(),
            On::Weekdays(_) => (date - monday_of(self.start)).num_days().div_euclid(7),
            On::DayOfMonth(_) => months(date) - months(self.start),
        };
        u64::try_from(passed).map_or(0, |passed| passed / u64::from(self.interval))
    }

    /// The days of a period in order, at least one; `None` beyond the calendar, which ends long after year 9999.
    fn days_of(&self, period: u64) -> Option<Vec<NaiveDate>> {
        let passed = period.checked_mul(u64::from(self.interval))?;
        match self.on {
            On::EveryDay => Some(vec![self.start.checked_add_days(Days::new(passed))?]),
            On::Weekdays(weekdays) => {
                let monday = monday_of(self.start).checked_add_days(Days::new(passed.checked_mul(7)?))?;
                let nth = |day: Weekday| Days::new(u64::from(day.num_days_from_monday()));
                weekdays.iter().map(|day| monday.checked_add_days(nth(day))).collect()
            }
            On::DayOfMonth(day) => {
                let first = self.start.with_day(1)?;
                let first = first.checked_add_months(Months::new(u32::try_from(passed).ok()?))?;
                Some(vec![first.with_day(day.min(u32::from(first.num_days_in_month())))?])
            }
        }
    }
}

fn monday_of(date: NaiveDate) -> NaiveDate {
    date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()))
}

fn date_of(at: Instant) -> NaiveDate {
    let days = i32::try_from(at.micros().div_euclid(DAY_MICROS)).ok();
    days.and_then(NaiveDate::from_epoch_days).expect("the calendar has the years 1 to 9999")
}

/// The due times of a pattern: after `last_generated_at` (from the start, if it is not set), up to `until` and the
/// end date, both inclusive. Returns the first `limit` in order; none for an inactive pattern.
///
/// # Errors
/// Like [`Recurrence::new`].
pub fn due_dates(
    pattern: &RecurringPattern,
    until: Instant,
    limit: usize,
) -> Result<Vec<Instant>, InvalidValue> {
    if !pattern.is_active {
        return Ok(Vec::new());
    }
    let recurrence = Recurrence::new(
        pattern.frequency,
        pattern.interval,
        pattern.days_of_week.as_deref(),
        pattern.day_of_month,
        pattern.start_date,
    )?;
    let time_micros = pattern.time_of_day.map_or(0, |time| time.micros());
    let last_day = pattern.end_date.map_or(date_of(until), |end| end.min(date_of(until)));
    let first_period = pattern.last_generated_at.map_or(0, |last| recurrence.period_of(date_of(last)));
    (first_period..)
        .map_while(|period| recurrence.days_of(period))
        .flatten()
        .filter(|day| *day >= pattern.start_date)
        .take_while(|day| *day <= last_day)
        .map(|day| i64::from(day.to_epoch_days()) * DAY_MICROS + time_micros)
        .take_while(|due| *due <= until.micros())
        .skip_while(|due| pattern.last_generated_at.is_some_and(|last| *due <= last.micros()))
        .take(limit)
        .map(Instant::from_micros)
        .collect()
}

#[cfg(test)]
mod tests;
