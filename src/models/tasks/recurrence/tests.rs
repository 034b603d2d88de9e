use proptest::prelude::*;

use super::*;
use crate::models::{RecurringPatternId, UserId};
use transfer::values::{Text, TimeOfDay};

fn date(text: &str) -> NaiveDate {
    text.parse().expect("date")
}

fn at(text: &str) -> Instant {
    text.parse().expect("instant")
}

fn pattern(frequency: Frequency, interval: i32, start: &str) -> RecurringPattern {
    RecurringPattern {
        id: RecurringPatternId(1),
        user_id: UserId(uuid::Uuid::nil()),
        created_at: Instant::MIN,
        title: Text::default(),
        description: None,
        frequency,
        interval,
        days_of_week: None,
        day_of_month: None,
        time_of_day: None,
        start_date: date(start),
        end_date: None,
        last_generated_at: None,
        is_active: true,
    }
}

/// The due days of the pattern up to the end of `until`.
fn days(pattern: &RecurringPattern, until: &str) -> Vec<String> {
    let until = at(&format!("{until}T23:59:59Z"));
    let dues = due_dates(pattern, until, usize::MAX).expect("valid pattern");
    dues.iter().map(|due| due.to_string()[..10].to_owned()).collect()
}

fn text(text: &str) -> Option<Text> {
    Some(Text::new(text).expect("text"))
}

#[test]
fn weeks_begin_on_monday_and_are_counted_from_that_of_the_start() {
    // 2026-01-08 is a Thursday.
    let mut pattern = pattern(Frequency::Weekly, 2, "2026-01-08");
    assert_eq!(days(&pattern, "2026-02-10"), ["2026-01-08", "2026-01-22", "2026-02-05"]);
    pattern.days_of_week = text("sun,mon");
    assert_eq!(days(&pattern, "2026-02-03"), ["2026-01-11", "2026-01-19", "2026-01-25", "2026-02-02"]);
}

#[test]
fn a_day_that_a_month_does_not_have_is_its_last() {
    let mut pattern = pattern(Frequency::Monthly, 1, "2024-01-31");
    assert_eq!(days(&pattern, "2024-05-01"), ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]);
    pattern.interval = 13;
    assert_eq!(days(&pattern, "2026-03-31"), ["2024-01-31", "2025-02-28", "2026-03-31"]);
    (pattern.interval, pattern.day_of_month) = (1, Some(15));
    assert_eq!(days(&pattern, "2024-03-14"), ["2024-02-15"], "not before the start");
}

#[test]
fn both_ends_are_included_and_what_was_generated_is_not() {
    let mut pattern = pattern(Frequency::Daily, 1, "2026-03-01");
    pattern.time_of_day = Some(TimeOfDay::from_micros(9 * 3_600_000_000).expect("time"));
    pattern.end_date = Some(date("2026-03-03"));
    let all = [at("2026-03-01T09:00:00Z"), at("2026-03-02T09:00:00Z"), at("2026-03-03T09:00:00Z")];
    assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(all.to_vec()));
    assert_eq!(due_dates(&pattern, all[1], 9), Ok(all[..2].to_vec()));
    assert_eq!(due_dates(&pattern, at("2026-03-02T08:59:59.999999Z"), 9), Ok(all[..1].to_vec()));
    assert_eq!(due_dates(&pattern, Instant::MAX, 0), Ok(vec![]));
    pattern.last_generated_at = Some(all[0]);
    assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(all[1..].to_vec()));
    pattern.last_generated_at = Some(at("2026-03-02T08:59:59.999999Z"));
    assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(all[1..].to_vec()));
    pattern.end_date = Some(date("2026-02-28"));
    assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(vec![]));
}

#[test]
fn an_inactive_pattern_has_no_due_dates() {
    let mut pattern = pattern(Frequency::Daily, 1, "2026-03-01");
    pattern.is_active = false;
    assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(vec![]));
}

#[test]
fn the_end_of_year_9999_is_reached_and_not_passed() {
    for frequency in [Frequency::Daily, Frequency::Weekly, Frequency::Monthly] {
        let mut pattern = pattern(frequency, 1, "9999-12-31");
        assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(vec![at("9999-12-31T00:00:00Z")]));
        pattern.start_date = date("0001-01-01");
        pattern.last_generated_at = Some(Instant::MAX);
        assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(vec![]));
        (pattern.interval, pattern.last_generated_at) = (i32::MAX, None);
        assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(vec![Instant::MIN]));
    }
}

#[test]
fn the_first_day_that_is_left_is_found_without_counting_to_it() {
    for (frequency, last) in [
        (Frequency::Daily, "9999-12-31"),
        (Frequency::Weekly, "9999-12-27"),
        (Frequency::Monthly, "9999-12-01"),
    ] {
        let mut pattern = pattern(frequency, 1, "0001-01-01");
        let recurrence = Recurrence::new(frequency, 1, None, None, pattern.start_date).expect("valid");
        let period = recurrence.period_of(date("9999-12-31"));
        assert_eq!(recurrence.days_of(period), Some(vec![date(last)]));
        let last = at(&format!("{last}T00:00:00Z"));
        pattern.last_generated_at = Some(Instant::from_micros(last.micros() - 1).expect("instant"));
        assert_eq!(due_dates(&pattern, Instant::MAX, 9), Ok(vec![last]));
    }
}

#[test]
fn invalid_rules_are_rejected() {
    let start = date("2026-01-01");
    let recurrence = |frequency, interval, days, day| Recurrence::new(frequency, interval, days, day, start);
    for interval in [0, -1, i32::MIN] {
        assert!(recurrence(Frequency::Daily, interval, None, None).is_err());
    }
    for day in [0, 32, -1] {
        assert!(recurrence(Frequency::Monthly, 1, None, Some(day)).is_err());
        assert!(recurrence(Frequency::Daily, 1, Some("never"), Some(day)).is_ok(), "of another frequency");
    }
    assert!(recurrence(Frequency::Weekly, 1, Some(""), None).is_err());
    for start in [NaiveDate::MIN, NaiveDate::MAX] {
        assert!(Recurrence::new(Frequency::Weekly, 1, None, None, start).is_err());
    }
}

/// Whether the pattern is due on a day, computed from the day alone.
fn is_due(pattern: &RecurringPattern, weekdays: &[Weekday], day_of_month: u32, day: NaiveDate) -> bool {
    let start = pattern.start_date;
    let passed = match pattern.frequency {
        Frequency::Daily => (day - start).num_days(),
        Frequency::Weekly => {
            let week = |day: NaiveDate| day.week(Weekday::Mon).first_day();
            (week(day) - week(start)).num_days() / 7
        }
        Frequency::Monthly => {
            i64::from(day.year() - start.year()) * 12 + i64::from(day.month()) - i64::from(start.month())
        }
    };
    let is_last = day.succ_opt().is_some_and(|next| next.month() != day.month());
    let fits = match pattern.frequency {
        Frequency::Daily => true,
        Frequency::Weekly => weekdays.contains(&day.weekday()),
        Frequency::Monthly => day.day() == day_of_month || (is_last && day.day() < day_of_month),
    };
    let is_within = day >= start && pattern.end_date.is_none_or(|end| day <= end);
    fits && is_within && passed % i64::from(pattern.interval) == 0
}

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

prop_compose! {
    fn any_pattern()(
        frequency in proptest::sample::select(Frequency::ALL),
        interval in 1..9,
        start in 0_i32..1500,
        length in proptest::option::of(0_i32..900),
        weekdays in proptest::option::of(proptest::sample::subsequence(WEEK.to_vec(), 1..=7)),
        day_of_month in proptest::option::of(1..=31),
        time_micros in proptest::option::of(0..DAY_MICROS),
        last in proptest::option::of(-100_i64..900),
    ) -> (RecurringPattern, Vec<Weekday>, u32) {
        let mut pattern = pattern(frequency, interval, "2026-01-01");
        let day = |days: i32| NaiveDate::from_epoch_days(19_000 + days).expect("date");
        pattern.start_date = day(start);
        pattern.end_date = length.map(|length| day(start + length));
        let words = |days: &Vec<Weekday>| days.iter().map(|day| day.to_string().to_lowercase()).collect::<Vec<_>>();
        pattern.days_of_week = weekdays.as_ref().and_then(|days| text(&words(days).join(",")));
        pattern.day_of_month = day_of_month;
        pattern.time_of_day = time_micros.map(|micros| TimeOfDay::from_micros(micros).expect("time"));
        // At noon, so that the time of day matters.
        let noon = |days: i64| (19_000 + i64::from(start) + days) * DAY_MICROS + DAY_MICROS / 2;
        pattern.last_generated_at = last.map(|days| Instant::from_micros(noon(days)).expect("instant"));
        let weekdays = weekdays.unwrap_or_else(|| vec![pattern.start_date.weekday()]);
        let day_of_month = pattern.day_of_month.map_or(pattern.start_date.day(), |day| day.try_into().expect("day"));
        (pattern, weekdays, day_of_month)
    }
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn is_due_on_the_days_that_fit_and_on_no_others(
        (pattern, weekdays, day_of_month) in any_pattern(),
        until_hours in 0_i64..24_000,
    ) {
        let start_micros = i64::from(pattern.start_date.to_epoch_days()) * DAY_MICROS;
        let until = Instant::from_micros(start_micros + until_hours * 3_600_000_000).expect("instant");
        let time_micros = pattern.time_of_day.map_or(0, TimeOfDay::micros);
        let expected: Vec<Instant> = pattern
            .start_date
            .iter_days()
            .take(1001)
            .filter(|day| is_due(&pattern, &weekdays, day_of_month, *day))
            .map(|day| Instant::from_micros(i64::from(day.to_epoch_days()) * DAY_MICROS + time_micros).expect("instant"))
            .filter(|due| *due <= until && pattern.last_generated_at.is_none_or(|last| *due > last))
            .collect();
        prop_assert_eq!(due_dates(&pattern, until, usize::MAX), Ok(expected));
    }

    #[test]
    fn what_is_generated_in_steps_is_what_is_generated_at_once(
        (mut pattern, _weekdays, _day_of_month) in any_pattern(),
        limit in 1_usize..5,
        step_days in 1_i64..60,
    ) {
        let end = at("2030-01-01T00:00:00Z");
        let at_once = due_dates(&pattern, end, 40).expect("valid pattern");
        let mut in_steps = Vec::new();
        let mut until = at("2022-01-01T00:00:00Z");
        while until < end && in_steps.len() < at_once.len() {
            let dues = due_dates(&pattern, until, limit).expect("valid pattern");
            prop_assert!(dues.len() <= limit);
            if dues.len() == limit {
                pattern.last_generated_at = dues.last().copied();
            } else {
                pattern.last_generated_at = pattern.last_generated_at.max(Some(until));
                until = Instant::from_micros(until.micros() + step_days * DAY_MICROS).expect("instant").min(end);
            }
            in_steps.extend(dues);
        }
        if until == end {
            in_steps.extend(due_dates(&pattern, end, 40).expect("valid pattern"));
        }
        in_steps.truncate(at_once.len());
        prop_assert_eq!(in_steps, at_once);
    }
}
