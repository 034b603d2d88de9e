//! The choice of a column's type.

use crate::conversion::OnIncompatible;
use crate::decisions::{ColumnDecision, Incompatible, Integers};
use crate::finding::{ImportFinding, Rule};
use crate::profile::{ColumnProfile, Intent, Tally};
use crate::schema::{Column, SqliteTable};
use crate::types::{InstantForm, Reading, TargetType, UuidForm};

/// The choice for a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) target: TargetType,
    pub(super) on_incompatible: OnIncompatible,
    /// Whether the configuration file sets the type.
    pub(super) is_forced: bool,
    /// Whether any value influenced it.
    pub(super) has_values: bool,
    /// How the values are read.
    pub(super) reading: Reading,
    /// Whether values have another form than that of the type.
    pub(super) is_inexact: bool,
    /// Whether `numeric` fits every value.
    pub(super) is_numeric: bool,
    /// Whether it is an identity column.
    pub(super) is_identity: bool,
}

/// A column, with everything its choice depends on.
pub(super) struct Subject<'a> {
    pub(super) table: &'a SqliteTable,
    pub(super) column: &'a Column,
    pub(super) profile: &'a ColumnProfile,
    pub(super) decision: Option<&'a ColumnDecision>,
    pub(super) integers: Integers,
    /// The policy of the database; that of the column comes first.
    pub(super) incompatible: Incompatible,
    /// For an identity column, the next value, if there is one.
    pub(super) next_number: Option<Option<i64>>,
    pub(super) findings: &'a mut Vec<ImportFinding>,
}

impl Subject<'_> {
    pub(super) fn choose(mut self) -> Choice {
        let is_forced = self.decision.is_some_and(|decision| !decision.types.is_empty());
        let (target, on_incompatible) = if is_forced { self.forced() } else { self.unforced() };
        let profile = self.profile;
        let is_integer = matches!(target, TargetType::SmallInt | TargetType::Integer | TargetType::BigInt);
        Choice {
            target,
            on_incompatible,
            is_forced,
            has_values: profile.value_count() > 0,
            reading: profile.reading,
            is_inexact: profile.reading.any_form
                && profile.trial(target).is_some_and(|trial| trial.exact_count < trial.fit.count),
            is_numeric: is_integer || self.holds(TargetType::AnyNumeric),
            is_identity: self.next_number.is_some(),
        }
    }

    fn unforced(&mut self) -> (TargetType, OnIncompatible) {
        let (target, on_incompatible) = match self.profile.intent {
            Intent::Integer
            | Intent::BigInt
            | Intent::TinyFlag
            | Intent::Boolean
            | Intent::Double
            | Intent::Decimal(_) => self.number(),
            Intent::Uuid => self.uuid(),
            Intent::Json => self.json(),
            Intent::Date | Intent::Time | Intent::DateTime { .. } => self.time(),
            Intent::Varchar(_) | Intent::Text => self.text(),
            Intent::Bytes | Intent::Unknown => self.by_value(),
        };
        // The handling as bytes was chosen together with the type `bytea`, and does not apply to another type.
        let decided = self
            .decision
            .and_then(|decision| decision.on_incompatible)
            .filter(|_| on_incompatible != OnIncompatible::Bytes);
        let on_incompatible = decided.unwrap_or(on_incompatible);
        self.report_stray_blobs(target);
        self.report_unstorable(target, on_incompatible);
        (target, on_incompatible)
    }

    /// Whether a type fits every value, apart from those that are rejected whatever the type is: text that only bytes
    /// can store, and stray BLOBs.
    pub(super) fn holds(&self, target: TargetType) -> bool {
        self.profile.value_count() == 0
            || self.profile.trial(tried(target)).is_some() && self.odd(target).is_empty()
    }

    /// The values that a type does not fit, without those that are rejected whatever the type is: these are reported
    /// separately.
    pub(super) fn odd(&self, target: TargetType) -> Tally {
        let stray = if takes_blobs(target) { Tally::default() } else { self.stray_blobs() };
        match self.profile.trial(tried(target)) {
            Some(trial) => {
                let profile = self.profile;
                trial.unfit.clone().without(&[&profile.nul_text, &profile.broken_text, &stray])
            }
            None => Tally::default(),
        }
    }

    /// The values that a type does not fit.
    pub(super) fn unfit(&self, target: TargetType) -> Tally {
        self.profile.trial(target).map(|trial| trial.unfit.clone()).unwrap_or_default()
    }

    /// Text values with NUL that would fit a type without NUL.
    pub(super) fn fit_without_nul(&self, target: TargetType) -> Tally {
        self.profile.trial(target).map(|trial| trial.fit_without_nul.clone()).unwrap_or_default()
    }

    pub(super) fn add_finding(&mut self, rule: &'static Rule, text: impl Into<String>, rows: &Tally) {
        let finding = ImportFinding::new(rule, Some(&self.table.name), Some(&self.column.name), text);
        self.findings.push(finding.with_rows(rows.count, keys(rows)));
    }

    /// As [`Self::add_finding`], without rows.
    pub(super) fn remark(&mut self, rule: &'static Rule, text: impl Into<String>) {
        self.findings.push(ImportFinding::new(rule, Some(&self.table.name), Some(&self.column.name), text));
    }
}

/// The type whose trial shows what a type fits: both accept the same numbers.
fn tried(target: TargetType) -> TargetType {
    match target {
        TargetType::TimestampTz(form) if form != InstantForm::Iso => TargetType::Timestamp(form),
        _ => target,
    }
}

/// Whether a type has BLOBs as values.
pub(super) fn takes_blobs(target: TargetType) -> bool {
    matches!(target, TargetType::Bytea | TargetType::Uuid(UuidForm::Bytes))
}

/// The keys for findings.
pub(super) fn keys(rows: &Tally) -> Vec<String> {
    rows.first_keys.iter().map(i64::to_string).collect()
}
