//! A set of weekdays: `mon,thu`; never empty.

use std::fmt;
use std::str::FromStr;

use chrono::{Weekday, WeekdaySet};

use transfer::values::InvalidValue;

/// A non-empty set of weekdays. Its canonical form lists them from Monday on, separated by commas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(WeekdaySet);

const WORDS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

impl Weekdays {
    /// The days, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        self.0.iter(Weekday::Mon)
    }
}

impl From<Weekday> for Weekdays {
    fn from(day: Weekday) -> Self {
        Self(WeekdaySet::single(day))
    }
}

impl FromStr for Weekdays {
    type Err = InvalidValue;

    /// Parses weekdays in any order, with optional blanks; duplicates are ignored.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let mut days = WeekdaySet::EMPTY;
        for word in text.split(',').map(str::trim) {
            let (_word, day) = WORDS.iter().find(|(known, _day)| *known == word).ok_or_else(|| {
                InvalidValue::new(format!(
                    "`{word}` is not a weekday: use mon, tue, wed, thu, fri, sat, sun, separated by commas"
                ))
            })?;
            days.insert(*day);
        }
        Ok(Self(days))
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = WORDS.iter().filter(|(_word, day)| self.0.contains(*day));
        for (index, (word, _day)) in words.enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{word}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_shown_once_and_in_order() {
        for (text, canonical) in
            [("mon", "mon"), ("sun, mon ,wed", "mon,wed,sun"), ("fri,fri", "fri"), ("sat,sun", "sat,sun")]
        {
            let days: Weekdays = text.parse().expect("days");
            assert_eq!(days.to_string(), canonical);
        }
    }

    #[test]
    fn invalid_weekdays_are_rejected() {
        for text in ["", ",", "mon,", "monday", "Mon", "mon;tue", "mon tue", "1"] {
            assert!(text.parse::<Weekdays>().is_err(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn the_displayed_form_is_parsed_back(words in proptest::sample::subsequence(WORDS.map(|(word, _day)| word).to_vec(), 1..=7)) {
            let text = words.join(",");
            let days: Weekdays = text.parse().expect("days");
            prop_assert_eq!(days.to_string(), text);
            prop_assert_eq!(days.iter().count(), words.len());
        }
    }
}
