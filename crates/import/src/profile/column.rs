//! What a column holds.

use super::candidates::candidates;
use super::declared::Intent;
use super::epoch::Epoch;
use super::tally::{Tally, Trial};
use crate::types::{DateForm, InstantForm, TargetType};
use crate::values::{SourceValue, Unfit, check};

/// Integers up to here are exact as 64-bit floats; beyond, some are.
const EXACT: u64 = 1 << 53;

/// What a column holds.
#[derive(Clone, Debug)]
pub struct ColumnProfile {
    /// What it is meant to hold, by its declared type.
    pub intent: Intent,
    /// NULLs.
    pub null: Tally,
    /// Integers.
    pub integer: Tally,
    /// Reals.
    pub real: Tally,
    /// Texts, broken ones among them.
    pub text: Tally,
    /// BLOBs.
    pub blob: Tally,
    /// The least and the greatest integer.
    pub integer_range: Option<(i64, i64)>,
    /// The least and the greatest real.
    pub real_range: Option<(f64, f64)>,
    /// Integers that no 64-bit float holds exactly.
    pub inexact: Tally,
    /// Reals that are infinite.
    pub infinite: Tally,
    /// Texts without a character.
    pub empty_text: Tally,
    /// Texts with a character NUL.
    pub nul_text: Tally,
    /// Texts that are not well-formed.
    pub broken_text: Tally,
    /// Texts that begin with the year 0000, as MySQL writes what is no date.
    pub zero_date: Tally,
    /// The characters of the longest text that is well-formed.
    pub longest_characters: usize,
    /// The bytes of the longest text or BLOB.
    pub longest_bytes: usize,
    /// Integers by the unit in which they are instants; counted only where the column is meant for instants.
    pub epoch: Epoch,
    /// Types tried on every value.
    pub forms: Vec<Trial>,
    /// Types of which each holds what the one before holds and more.
    pub chain: Vec<Trial>,
    are_instants: bool,
}

impl ColumnProfile {
    /// That of a column without rows. `forced` are the types that the user decided on.
    #[must_use]
    pub fn new(declared_type: &str, forced: &[TargetType]) -> Self {
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
        }
    }

    /// Values that are not NULL.
    #[must_use]
    pub fn value_count(&self) -> i64 {
        self.integer.count + self.real.count + self.text.count + self.blob.count
    }

    /// What is known of a type; `None` when it was not tried.
    #[must_use]
    pub fn trial(&self, target: TargetType) -> Option<&Trial> {
        self.forms.iter().chain(&self.chain).find(|trial| trial.target == target)
    }

    /// Whether a type is known to hold every value.
    #[must_use]
    pub fn holds_all(&self, target: TargetType) -> bool {
        self.value_count() == 0 || self.trial(target).is_some_and(|trial| trial.unfit.is_empty())
    }

    /// Looks at a value; its bytes.
    pub(super) fn observe(&mut self, key: i64, value: SourceValue<'_>) -> usize {
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
                // A float holds these and a decimal does not: no chain.
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
                // No type holds a text with NUL, so what fits need not be searched.
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

    /// Whether any holds it.
    fn try_types(&mut self, key: i64, value: SourceValue<'_>) -> bool {
        let mut fits = false;
        let mut is_settled = false;
        for trial in &mut self.forms {
            // Not asked again what is known; but each type has to say once why not.
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

    fn try_every_type(&mut self, key: i64, value: SourceValue<'_>) {
        for trial in self.forms.iter_mut().chain(&mut self.chain) {
            trial.count(key, check(value, trial.target));
        }
    }

    fn try_without_nul(&mut self, key: i64, text: &str) {
        let text = text.replace('\0', "");
        for trial in self.forms.iter_mut().chain(&mut self.chain) {
            if check(SourceValue::Text(&text), trial.target).is_ok() {
                trial.fit_without_nul.add(key);
            }
        }
    }

    /// With the values of another part of the table.
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
        }
    }

    /// Why a type does not hold the first of the values that it does not hold.
    #[must_use]
    pub fn reason(&self, target: TargetType) -> Option<&Unfit> {
        self.trial(target)?.first.as_ref()
    }
}

/// Whether a value in this form is in none of the others that are tried with it.
fn excludes_others(target: TargetType) -> bool {
    match target {
        TargetType::Timestamp(form) | TargetType::TimestampTz(form) => form == InstantForm::Iso,
        TargetType::Date(form) => form == DateForm::Iso,
        TargetType::Time | TargetType::Uuid(_) => true,
        _ => false,
    }
}

/// Whether values of another form can be in this one, too.
fn is_beside_others(target: TargetType) -> bool {
    target == TargetType::Date(DateForm::Midnight)
}
