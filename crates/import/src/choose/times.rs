//! Columns declared as dates and times: the format in which all values are stored.
//!
//! SQLite has no types for them, so values are stored as written. A format is chosen only if all values have it;
//! among several formats none is chosen, because each would change the values of the others.

use super::column::Subject;
use super::units;
use super::widen::Widening;
use crate::conversion::OnIncompatible;
use crate::finding::Rule;
use crate::profile::{Intent, Tally};
use crate::rules::types as rules;
use crate::types::{DateForm, InstantForm, TargetType};

/// Julian days from 1800 to 2200.
const JULIAN: std::ops::Range<f64> = 2_378_496.5..2_524_593.5;
const JULIAN_WHOLE: std::ops::Range<i64> = 2_378_497..2_524_593;
/// Seconds since 1970, from March 1973 to 2200.
const SECONDS: std::ops::Range<f64> = 1e8..7_258_118_400.0;

/// The units of which one has to be certain.
const UNITS: [InstantForm; 3] = [InstantForm::Seconds, InstantForm::Milliseconds, InstantForm::Microseconds];

const DATE: TargetType = TargetType::Date(DateForm::Iso);
const MIDNIGHT: TargetType = TargetType::Date(DateForm::Midnight);
const LOCAL: TargetType = TargetType::Timestamp(InstantForm::Iso);
const ZONED: TargetType = TargetType::TimestampTz(InstantForm::Iso);

impl Subject<'_> {
    pub(super) fn time(&mut self) -> (TargetType, OnIncompatible) {
        if self.profile.value_count() == 0 {
            return (self.usual(), OnIncompatible::Reject);
        }
        if let Some(bytes) = self.with_blobs() {
            return bytes;
        }
        if let Some((target, rule)) = self.one_form() {
            if let Some(rule) = rule {
                let count = self.profile.value_count();
                let unit = match units::is_number(target) {
                    true => format!(": {}", units::readings(self.profile, &[target])),
                    false => String::new(),
                };
                self.remark(rule, format!("All {count} values have one format{unit}"));
            }
            return (target, OnIncompatible::Reject);
        }
        if self.profile.text.is_empty() && self.profile.intent != Intent::Time {
            let numbers = self.profile.integer.clone().merge(&self.profile.real);
            let units = UNITS.map(TargetType::TimestampTz);
            let readings = units::readings(self.profile, &units);
            let text = format!("The values are {}; {readings}", self.forms_found());
            self.add_finding(&rules::UNIT_UNKNOWN, text, &numbers);
            return (self.number_by_value(), OnIncompatible::Reject);
        }
        (self.mixed(), OnIncompatible::Reject)
    }

    fn usual(&self) -> TargetType {
        match self.profile.intent {
            Intent::Date => DATE,
            Intent::Time => TargetType::Time,
            Intent::DateTime { zoned: true } => ZONED,
            _ => LOCAL,
        }
    }

    /// The format of all values, with the text for a finding.
    fn one_form(&self) -> Option<(TargetType, Option<&'static Rule>)> {
        let is_zoned = self.profile.intent == Intent::DateTime { zoned: true };
        let choices: &[(TargetType, Option<&'static Rule>)] = match self.profile.intent {
            Intent::Time => &[(TargetType::Time, None)],
            Intent::Date => &[
                (DATE, None),
                (MIDNIGHT, Some(&rules::MIDNIGHT)),
                (LOCAL, Some(&rules::DATE_WITH_TIME)),
                (ZONED, Some(&rules::DATE_WITH_TIME)),
            ],
            _ if is_zoned => {
                &[(ZONED, None), (LOCAL, Some(&rules::NO_OFFSET)), (DATE, Some(&rules::ONLY_DATES))]
            }
            _ => &[(LOCAL, None), (ZONED, Some(&rules::WITH_OFFSET)), (DATE, Some(&rules::ONLY_DATES))],
        };
        if let Some(choice) = choices.iter().find(|(target, _)| self.holds(*target)) {
            return Some(*choice);
        }
        let form = self.number_form()?;
        let days = TargetType::Date(DateForm::Milliseconds);
        // A Unix timestamp is an instant, independent of time zones; a Julian day may be local time.
        let target =
            if self.profile.intent == Intent::Date && form == InstantForm::Milliseconds && self.holds(days) {
                days
            } else if is_zoned || form != InstantForm::JulianDay {
                TargetType::TimestampTz(form)
            } else {
                TargetType::Timestamp(form)
            };
        self.holds(target).then_some((target, Some(&rules::EPOCH)))
    }

    /// The unit of all numbers, if it is certain.
    pub(super) fn number_form(&self) -> Option<InstantForm> {
        let profile = self.profile;
        if profile.intent == Intent::Time {
            return None;
        }
        let Some((least, greatest)) = profile.real_range else { return profile.epoch.unit() };
        let integers = profile.integer_range;
        if JULIAN.contains(&least) && JULIAN.contains(&greatest) {
            let is_near =
                |(least, greatest)| JULIAN_WHOLE.contains(&least) && JULIAN_WHOLE.contains(&greatest);
            return integers.is_none_or(is_near).then_some(InstantForm::JulianDay);
        }
        let are_seconds = SECONDS.contains(&least) && SECONDS.contains(&greatest);
        // Zeros alone do not contradict seconds.
        let is_no_other = integers.is_none_or(|range| range == (0, 0))
            || profile.epoch.unit() == Some(InstantForm::Seconds);
        (are_seconds && is_no_other).then_some(InstantForm::Seconds)
    }

    fn mixed(&mut self) -> TargetType {
        let text_forms = [LOCAL, ZONED, DATE, TargetType::Time];
        let most = text_forms
            .into_iter()
            .filter(|target| self.profile.trial(*target).is_some())
            .min_by_key(|target| self.odd(*target).count);
        let odd = most.map(|most| self.odd(most)).unwrap_or_default();
        // Numbers of one unit may be the most.
        let number = self.number_form().map(TargetType::TimestampTz);
        let kept = [most, number].into_iter().flatten().min_by_key(|kept| self.odd(*kept).count);
        let forcing = kept.map(|kept| self.odd(kept)).unwrap_or_default();
        let wide = Widening {
            target: TargetType::Text,
            rule: &rules::MIXED_FORMS,
            text: format!("The values are {}", self.forms_found()),
            reason: String::new(),
            rows: &odd,
        };
        let target = self.widened(wide, kept.unwrap_or(TargetType::Text), &forcing);
        if target != TargetType::Text {
            return target;
        }
        let zero = &self.profile.zero_date;
        if !zero.is_empty() {
            self.add_finding(
                &rules::ZERO_DATE,
                format!("{} values begin with the year 0000", zero.count),
                zero,
            );
        }
        self.report_empty_text();
        TargetType::Text
    }

    /// The formats, with the number of values and the first key of each.
    fn forms_found(&self) -> String {
        let profile = self.profile;
        let mut forms = Vec::new();
        let mut add = |rows: &Tally, form: &str| {
            if let Some(first) = rows.first_keys.first() {
                forms.push(format!("{} {form} (first {first})", rows.count));
            }
        };
        let mut texts = 0;
        for (target, form) in [
            (LOCAL, "dates with times"),
            (ZONED, "dates with times and a UTC offset"),
            (DATE, "dates"),
            (TargetType::Time, "times"),
        ] {
            if let Some(trial) = profile.trial(target) {
                texts += trial.fit.count;
                add(&trial.fit, form);
            }
        }
        let epoch = &profile.epoch;
        add(&epoch.seconds, "integers in the range of seconds");
        add(&epoch.milliseconds, "integers in the range of milliseconds");
        add(&epoch.microseconds, "integers in the range of microseconds");
        add(&epoch.zero, "zeros");
        add(&epoch.none, "other integers");
        add(&profile.real, "reals");
        add(&profile.empty_text, "empty strings");
        add(&profile.zero_date, "dates of the year 0000");
        let known = texts + profile.empty_text.count + profile.zero_date.count;
        let others = profile.text.count - known;
        if others > 0 {
            forms.push(format!("{others} other text values"));
        }
        forms.join(", ")
    }
}
