//! Common parsers: numbers in a range, keywords, durations and secrets.
//!
//! The expected values in an error are derived from the same range or keywords that the parser uses.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use super::{ConfigError, Inputs, Setting};
use databases::url::Secret;

/// One day: the upper limit of durations, far below the range in which arithmetic overflows.
const MAX_MILLISECONDS: u64 = 24 * 60 * 60 * 1000;

impl Inputs {
    /// A number in `bounds`.
    pub(super) fn number<T>(
        &self,
        name: &'static str,
        bounds: RangeInclusive<T>,
        default: T,
    ) -> Result<Setting<T>, ConfigError>
    where
        T: FromStr + PartialOrd + Display,
    {
        let expected = format!("a number from {} to {}", bounds.start(), bounds.end());
        let read = |text: &str| text.parse().ok().filter(|number| bounds.contains(number));
        Ok(self.parse(name, &expected, read)?.unwrap_or(Setting::by_default(name, default)))
    }

    /// A duration in milliseconds, from `least` to one day.
    pub(super) fn milliseconds(
        &self,
        name: &'static str,
        least: u64,
        default: Duration,
    ) -> Result<Setting<Duration>, ConfigError> {
        let expected = format!("a number of milliseconds from {least} to {MAX_MILLISECONDS} (a day)");
        let read = |text: &str| {
            let ms = text.parse().ok()?;
            (least..=MAX_MILLISECONDS).contains(&ms).then(|| Duration::from_millis(ms))
        };
        Ok(self.parse(name, &expected, read)?.unwrap_or(Setting::by_default(name, default)))
    }

    /// One of the keywords `words`.
    pub(super) fn word<T: Copy>(
        &self,
        name: &'static str,
        words: &[(&str, T)],
        default: T,
    ) -> Result<Setting<T>, ConfigError> {
        let read = |text: &str| words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        let typed = self.parse(name, &one_of(words), read)?;
        Ok(typed.unwrap_or(Setting::by_default(name, default)))
    }

    /// `true` or `false`; the default is false.
    pub(super) fn switch(&self, name: &'static str) -> Result<Setting<bool>, ConfigError> {
        self.word(name, &[("true", true), ("false", false)], false)
    }

    /// A secret, trimmed: a variable set from a file often ends with a line feed.
    pub(super) fn secret(&self, name: &'static str) -> Option<Setting<Secret>> {
        self.get(name).map(|typed| typed.with(Secret::new(typed.value.trim())))
    }
}

/// The keyword for a value.
pub(super) fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, other)| other == value).map_or("", |(word, _)| word)
}

/// `a, b or c`.
fn one_of<T>(words: &[(&str, T)]) -> String {
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    match words.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        words => words.concat(),
    }
}
