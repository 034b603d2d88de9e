//! The profile of a column.

use super::candidates::candidates;
use super::declared::Intent;
use super::epoch::Epoch;
use super::tally::{Tally, Trial};
use crate::types::{DateForm, InstantForm, ReadAs, Reading, TargetType};
use crate::values::{SourceValue, Unfit, check};

/// Integers up to here are exact as 64-bit floats; above, some are.
const EXACT: u64 = 1 << 53;

/// The profile of a column.
#[derive(Clone, Debug)]
pub struct ColumnProfile {
    /// The meaning of its declared type.
    pub intent: Intent,
    /// NULLs.
    pub null: Tally,
    /// Integers.
    pub integer: Tally,
    /// Reals.
    pub real: Tally,
    /// Texts, including malformed ones.
    pub text: Tally,
    /// BLOBs.
    pub blob: Tally,
    /// The minimum and the maximum integer.
    pub integer_range: Option<(i64, i64)>,
    /// The minimum and the maximum real.
    pub real_range: Option<(f64, f64)>,
    /// Integers that no 64-bit float represents exactly.
    pub inexact: Tally,
    /// Reals that are infinite.
    pub infinite: Tally,
    /// Empty strings.
    pub empty_text: Tally,
    /// Texts with NUL.
    pub nul_text: Tally,
    /// Texts that are not well-formed.
    pub broken_text: Tally,
    /// Texts that begin with the year 0000, as MySQL writes invalid dates.
    pub zero_date: Tally,
    /// The length of the longest well-formed text, in characters.
    pub longest_characters: usize,
    /// The length of the longest text or BLOB, in bytes.
    pub longest_bytes: usize,
    /// Integers by the unit in which they are instants; counted only if the column is declared for instants.
    pub epoch: Epoch,
    /// Types tested on every value.
    pub forms: Vec<Trial>,
    /// Types of which each fits all values of the one before and more.
    pub chain: Vec<Trial>,
    are_instants: bool,
    /// How values are read.
    pub reading: Reading,
    labels: Vec<String>,
}

impl ColumnProfile {
    /// The profile of a column without rows. `forced` are the types that the configuration sets.
    #[must_use]
    pub fn new(declared_type: &str, forced: &[TargetType], reading: Reading) -> Self {
        let intent = Intent::of(declared_type);
        let candidates = candidates(intent, forced);
        Self {
            intent,
            null: Tally::default(),
            integer: Tally::default(),
            real: Tally::default(),
            text: Tally::default(),
            blob: Tally::default(),
            integer_range: None,
            real_range: None,
            inexact: Tally::default(),
            infinite: Tally::default(),
            empty_text: Tally::default(),
            nul_text: Tally::default(),
            broken_text: Tally::default(),
            zero_date: Tally::default(),
            longest_characters: 0,
            longest_bytes: 0,
            epoch: Epoch::default(),
            forms: candidates.forms.into_iter().map(Trial::new).collect(),
            chain: candidates.chain.into_iter().map(Trial::new).collect(),
            are_instants: candidates.are_instants,
            reading,
            labels: Vec::new(),
        }
    }

    /// For a column that becomes an enum with these labels.
    pub(super) fn with_labels(self, labels: &[String]) -> Self {
        Self { labels: labels.to_vec(), ..self }
    }

    /// Values that are not NULL.
    #[must_use]
    pub fn value_count(&self) -> i64 {
        self.integer.count + self.real.count + self.text.count + self.blob.count
    }

    /// The result for a type; `None` if it was not tested.
    #[must_use]
    pub fn trial(&self, target: TargetType) -> Option<&Trial> {
        self.forms.iter().chain(&self.chain).find(|trial| trial.target == target)
    }

    /// Whether a type is known to fit every value.
    #[must_use]
    pub fn holds_all(&self, target: TargetType) -> bool {
        self.value_count() == 0 || self.trial(target).is_some_and(|trial| trial.unfit.is_empty())
    }

    /// Adds a value; returns its size in bytes.
    pub(crate) fn observe(&mut self, key: i64, value: SourceValue<'_>) -> usize {
        match value {
            SourceValue::Null => {
                self.null.add(key);
                0
            }
            SourceValue::Integer(integer) => {
                self.integer.add(key);
                let (least, greatest) = self.integer_range.unwrap_or((integer, integer));
                self.integer_range = Some((least.min(integer), greatest.max(integer)));
                if integer.unsigned_abs() > EXACT && check(value, TargetType::Double).is_err() {
                    self.inexact.add(key);
                }
                if self.are_instants {
                    self.epoch.add(key, integer);
                }
                self.try_types(key, value);
                size_of::<i64>()
            }
            SourceValue::Real(real) => {
                self.real.add(key);
                let (least, greatest) = self.real_range.unwrap_or((real, real));
                self.real_range = Some((least.min(real), greatest.max(real)));
                if real.is_infinite() {
                    self.infinite.add(key);
                }
                // A float represents these and a decimal does not: the types are no chain.
                if real.is_infinite() || (real == 0.0 && real.is_sign_negative()) {
                    self.try_every_type(key, value);
                } else {
                    self.try_types(key, value);
                }
                size_of::<f64>()
            }
            SourceValue::Text(text) => {
                self.text.add(key);
                self.longest_bytes = self.longest_bytes.max(text.len());
                if text.is_empty() {
                    self.empty_text.add(key);
                } else if text.len() > self.longest_characters {
                    self.longest_characters = self.longest_characters.max(text.chars().count());
                }
                // No type fits a text with NUL, so the chain need not be searched.
                if !self.try_types(key, value) && text.contains('\0') {
                    self.nul_text.add(key);
                    self.try_without_nul(key, text);
                }
                if self.are_instants && text.starts_with("0000-") {
                    self.zero_date.add(key);
                }
                text.len()
            }
            SourceValue::BrokenText(bytes) => {
                self.text.add(key);
                self.broken_text.add(key);
                self.longest_bytes = self.longest_bytes.max(bytes.len());
                self.try_types(key, value);
                bytes.len()
            }
            SourceValue::Blob(bytes) => {
                self.blob.add(key);
                self.longest_bytes = self.longest_bytes.max(bytes.len());
                self.try_types(key, value);
                bytes.len()
            }
        }
    }

    /// Whether any type fits it.
    fn try_types(&mut self, key: i64, value: SourceValue<'_>) -> bool {
        if self.reading.any_form {
            return self.try_every_type(key, value);
        }
        let mut fits = false;
        let mut is_settled = false;
        for trial in &mut self.forms {
            // Known results are not computed again; but each type needs one reason for a value that does not fit.
            if is_settled && trial.first.is_some() && !is_beside_others(trial.target) {
                trial.unfit.add(key);
                continue;
            }
            let outcome = check(value, trial.target);
            is_settled |= outcome.is_ok() && excludes_others(trial.target);
            fits |= trial.count(key, outcome);
        }
        match (self.chain.as_mut_slice(), value) {
            ([text], SourceValue::Text(_)) if is_settled && text.target == TargetType::Text => {
                text.fit.add(key);
                true
            }
            (chain, _) => fits | chain.iter_mut().any(|trial| trial.count(key, check(value, trial.target))),
        }
    }

    /// Whether any type fits it.
    fn try_every_type(&mut self, key: i64, value: SourceValue<'_>) -> bool {
        let mut fits = false;
        for trial in self.forms.iter_mut().chain(&mut self.chain) {
            let to = ReadAs { target: trial.target, reading: self.reading, labels: &self.labels };
            let with = |any_form, rounds| {
                check(value, ReadAs { reading: Reading { any_form, rounds, ..self.reading }, ..to })
            };
            let mut outcome = with(false, false);
            if self.reading.any_form {
                // Most values have exactly this form, and are checked once.
                match outcome {
                    Ok(()) => trial.exact_count += 1,
                    Err(_) => outcome = with(true, false),
                }
            }
            if outcome.is_err() && self.reading.rounds {
                outcome = with(self.reading.any_form, true);
                if outcome.is_ok() {
                    trial.rounded.add(key);
                }
            }
            fits |= trial.count(key, outcome);
        }
        fits
    }

    fn try_without_nul(&mut self, key: i64, text: &str) {
        let text = text.replace('\0', "");
        for trial in self.forms.iter_mut().chain(&mut self.chain) {
            let to = ReadAs { target: trial.target, reading: self.reading, labels: &self.labels };
            if check(SourceValue::Text(&text), to).is_ok() {
                trial.fit_without_nul.add(key);
            }
        }
    }

    /// Merges the profile of another part of the table.
    pub(super) fn merge(self, other: &Self) -> Self {
        let integer_range = match (self.integer_range, other.integer_range) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (own, others) => own.or(others),
        };
        let real_range = match (self.real_range, other.real_range) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (own, others) => own.or(others),
        };
        let trials = |own: Vec<Trial>, others: &[Trial]| -> Vec<Trial> {
            own.into_iter().zip(others).map(|(own, other)| own.merge(other)).collect()
        };
        Self {
            intent: self.intent,
            null: self.null.merge(&other.null),
            integer: self.integer.merge(&other.integer),
            real: self.real.merge(&other.real),
            text: self.text.merge(&other.text),
            blob: self.blob.merge(&other.blob),
            integer_range,
            real_range,
            inexact: self.inexact.merge(&other.inexact),
            infinite: self.infinite.merge(&other.infinite),
            empty_text: self.empty_text.merge(&other.empty_text),
            nul_text: self.nul_text.merge(&other.nul_text),
            broken_text: self.broken_text.merge(&other.broken_text),
            zero_date: self.zero_date.merge(&other.zero_date),
            longest_characters: self.longest_characters.max(other.longest_characters),
            longest_bytes: self.longest_bytes.max(other.longest_bytes),
            epoch: self.epoch.merge(&other.epoch),
            forms: trials(self.forms, &other.forms),
            chain: trials(self.chain, &other.chain),
            are_instants: self.are_instants,
            reading: self.reading,
            labels: self.labels,
        }
    }

    /// Why the first incompatible value does not fit a type.
    #[must_use]
    pub fn reason(&self, target: TargetType) -> Option<&Unfit> {
        self.trial(target)?.first.as_ref()
    }
}

/// Whether a value in this form has none of the other forms that are tested with it.
fn excludes_others(target: TargetType) -> bool {
    match target {
        TargetType::Timestamp(form) | TargetType::TimestampTz(form) => form == InstantForm::Iso,
        TargetType::Date(form) => form == DateForm::Iso,
        TargetType::Time | TargetType::Uuid(_) => true,
        _ => false,
    }
}

/// Whether values of another form can also have this one.
fn is_beside_others(target: TargetType) -> bool {
    target == TargetType::Date(DateForm::Midnight)
}
