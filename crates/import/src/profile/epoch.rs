//! Detects the unit in which integers count the time since 1970.
//!
//! A single number does not show its unit, but the ranges of instants from March 1973 to 2200 do not overlap: in
//! seconds they have 9 or 10 digits, in milliseconds 12 or 13, in microseconds 15 or 16. Smaller numbers (instants
//! before March 1973 in one unit, of January 1970 in the next) are ambiguous and do not decide. Zero is the same
//! instant in every unit.

use super::tally::Tally;
use crate::types::InstantForm;

/// 1973-03-03 09:46:40 UTC in seconds.
const FROM: i64 = 100_000_000;
/// 2200-01-01 UTC in seconds.
const TO: i64 = 7_258_118_400;

/// Integers by the unit in which they are plausible instants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epoch {
    /// Seconds.
    pub seconds: Tally,
    /// Milliseconds.
    pub milliseconds: Tally,
    /// Microseconds.
    pub microseconds: Tally,
    /// Zero.
    pub zero: Tally,
    /// None of them.
    pub none: Tally,
}

impl Epoch {
    pub(super) fn add(&mut self, key: i64, value: i64) {
        let tally = match value {
            0 => &mut self.zero,
            _ if (FROM..TO).contains(&value) => &mut self.seconds,
            _ if (FROM * 1_000..TO * 1_000).contains(&value) => &mut self.milliseconds,
            _ if (FROM * 1_000_000..TO * 1_000_000).contains(&value) => &mut self.microseconds,
            _ => &mut self.none,
        };
        tally.add(key);
    }

    pub(super) fn merge(self, other: &Self) -> Self {
        Self {
            seconds: self.seconds.merge(&other.seconds),
            milliseconds: self.milliseconds.merge(&other.milliseconds),
            microseconds: self.microseconds.merge(&other.microseconds),
            zero: self.zero.merge(&other.zero),
            none: self.none.merge(&other.none),
        }
    }

    /// The one unit in which all are plausible.
    #[must_use]
    pub fn unit(&self) -> Option<InstantForm> {
        let units = [
            (&self.seconds, InstantForm::Seconds),
            (&self.milliseconds, InstantForm::Milliseconds),
            (&self.microseconds, InstantForm::Microseconds),
        ];
        let mut found = units.iter().filter(|(tally, _)| !tally.is_empty());
        match (found.next(), found.next()) {
            (Some((_, unit)), None) if self.none.is_empty() => Some(*unit),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(values: &[i64]) -> Option<InstantForm> {
        let mut epoch = Epoch::default();
        for value in values {
            epoch.add(1, *value);
        }
        epoch.unit()
    }

    #[test]
    fn units_are_distinguished_by_range() {
        assert_eq!(unit(&[FROM, TO - 1, 0]), Some(InstantForm::Seconds));
        assert_eq!(unit(&[FROM * 1_000, TO * 1_000 - 1]), Some(InstantForm::Milliseconds));
        assert_eq!(unit(&[FROM * 1_000_000, TO * 1_000_000 - 1, 0]), Some(InstantForm::Microseconds));
    }

    #[test]
    fn what_could_be_two_units_is_not_guessed() {
        assert_eq!(unit(&[]), None);
        assert_eq!(unit(&[0]), None);
        assert_eq!(unit(&[1_700_000_000, 1_700_000_000_000]), None);
        assert_eq!(unit(&[1_700_000_000, FROM - 1]), None);
        assert_eq!(unit(&[1_700_000_000, TO]), None);
        assert_eq!(unit(&[1_700_000_000, -1]), None);
        assert_eq!(unit(&[i64::MIN]), None);
        assert_eq!(unit(&[i64::MAX]), None);
    }
}
