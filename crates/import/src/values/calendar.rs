//! The calendar: days since 2000-01-01 as in PostgreSQL, and digits of dates and times.

/// Days from 0000-03-01 to 2000-01-01, in the proleptic Gregorian calendar.
const DAYS_TO_2000: i64 = 730_425;
/// Days of 400, 100 and 4 years, with the leap day at the end.
const DAYS_OF_400_YEARS: i64 = 146_097;

/// The day number of this date, if it is valid.
pub(super) fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=9999).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    // Years start in March, so that the leap day is the last day.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_before_month = (153 * month + 2) / 5;
    Some(year * 365 + year / 4 - year / 100 + year / 400 + days_before_month + day - 1 - DAYS_TO_2000)
}

/// The date of a day in ISO 8601, with `BC` as in PostgreSQL (there is no year 0 then).
pub(super) fn show_day(day: i64) -> String {
    let days = day + DAYS_TO_2000;
    let (era, days) = (days.div_euclid(DAYS_OF_400_YEARS), days.rem_euclid(DAYS_OF_400_YEARS));
    let year_of_era = (days - days / 1460 + days / 36_524 - days / 146_096) / 365;
    let day_of_year = days - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year_of_era + next_year;
    if year > 0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{:04}-{month:02}-{day:02} BC", 1 - year)
    }
}

/// Takes this number of digits.
pub(super) fn take_number(rest: &mut &[u8], count: usize) -> Option<i64> {
    let (digits, after) = rest.split_at_checked(count)?;
    *rest = after;
    digits.iter().try_fold(0, |number: i64, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
    })
}

/// Takes this character, if it is next.
pub(super) fn take_mark(rest: &mut &[u8], mark: u8) -> Option<()> {
    match rest {
        [first, after @ ..] if *first == mark => {
            *rest = after;
            Some(())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate};

    #[test]
    fn days_are_those_of_the_calendar() {
        let start = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");
        for year in 1..=9999 {
            for month in 0..=13 {
                for number in [0, 1, 28, 29, 30, 31, 32] {
                    let date = NaiveDate::from_ymd_opt(year, month, number);
                    let expected = date.map(|date| date.signed_duration_since(start).num_days());
                    let found = day(i64::from(year), i64::from(month), i64::from(number));
                    assert_eq!(found, expected, "{year}-{month}-{number}");
                    if let (Some(found), Some(date)) = (found, date) {
                        assert_eq!(show_day(found), date.format("%Y-%m-%d").to_string());
                    }
                }
            }
        }
        assert_eq!(day(0, 1, 1), None);
        assert_eq!(day(10_000, 1, 1), None);
        let before = NaiveDate::from_ymd_opt(-4713, 11, 24).expect("a date");
        assert_eq!(before.year(), -4713);
        assert_eq!(show_day(before.signed_duration_since(start).num_days()), "4714-11-24 BC");
    }
}
