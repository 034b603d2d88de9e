//! The choice for a column.

use crate::conversion::Misfit;
use crate::decisions::{ColumnDecision, Integers};
use crate::finding::{Finding, Rule};
use crate::profile::{ColumnProfile, Intent, Tally};
use crate::schema::{Column, Table};
use crate::types::{InstantForm, TargetType};

/// What was chosen for a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) target: TargetType,
    pub(super) misfit: Misfit,
    /// Whether the user decided on the type.
    pub(super) is_forced: bool,
    /// Whether a value had a say in it.
    pub(super) has_values: bool,
    /// Whether the column holds BLOBs.
    pub(super) has_blobs: bool,
    /// Whether `numeric` holds every value.
    pub(super) is_numeric: bool,
    /// Whether it numbers its rows.
    pub(super) is_identity: bool,
}

/// A column, with all that its choice rests on.
pub(super) struct Subject<'a> {
    pub(super) table: &'a Table,
    pub(super) column: &'a Column,
    pub(super) profile: &'a ColumnProfile,
    pub(super) decision: Option<&'a ColumnDecision>,
    pub(super) integers: Integers,
    /// For a column that numbers its rows, the next number, where there is one.
    pub(super) next_number: Option<Option<i64>>,
    pub(super) findings: &'a mut Vec<Finding>,
}

impl Subject<'_> {
    pub(super) fn choose(mut self) -> Choice {
        let is_forced = self.decision.is_some_and(|decision| !decision.types.is_empty());
        let (target, misfit) = if is_forced { self.forced() } else { self.unforced() };
        let profile = self.profile;
        let holds_no_text = profile.text.is_empty() && profile.blob.is_empty() && profile.real.is_empty();
        Choice {
            target,
            misfit,
            is_forced,
            has_values: profile.value_count() > 0,
            has_blobs: !profile.blob.is_empty(),
            is_numeric: holds_no_text || profile.holds_all(TargetType::AnyNumeric),
            is_identity: self.next_number.is_some(),
        }
    }

    fn unforced(&mut self) -> (TargetType, Misfit) {
        let (target, misfit) = match self.profile.intent {
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
        // Bytes were chosen together with the type, which would not hold the values under another decision.
        let decided = self.decision.and_then(|decision| decision.misfit).filter(|_| misfit != Misfit::Bytes);
        let misfit = decided.unwrap_or(misfit);
        self.say_unholdable(target, misfit);
        (target, misfit)
    }

    /// Whether a type holds every value that can be held without becoming bytes.
    pub(super) fn holds(&self, target: TargetType) -> bool {
        if self.profile.value_count() == 0 {
            return true;
        }
        // Both take the same numbers.
        let tried = match target {
            TargetType::TimestampTz(form) if form != InstantForm::Iso => TargetType::Timestamp(form),
            _ => target,
        };
        let unfit = self.profile.trial(tried).map(|trial| trial.unfit.count);
        unfit == Some(self.profile.nul_text.count + self.profile.broken_text.count)
    }

    /// Those that a type does not hold, but for those that none but bytea holds: they are told apart.
    pub(super) fn odd(&self, target: TargetType) -> Tally {
        match self.profile.trial(target) {
            Some(trial) => trial.unfit.clone().without(&[&self.profile.nul_text, &self.profile.broken_text]),
            None => Tally::default(),
        }
    }

    /// Those that a type does not hold.
    pub(super) fn unfit(&self, target: TargetType) -> Tally {
        self.profile.trial(target).map(|trial| trial.unfit.clone()).unwrap_or_default()
    }

    /// Texts with NUL that a type would hold without NUL.
    pub(super) fn fit_without_nul(&self, target: TargetType) -> Tally {
        self.profile.trial(target).map(|trial| trial.fit_without_nul.clone()).unwrap_or_default()
    }

    pub(super) fn say(&mut self, rule: &'static Rule, text: impl Into<String>, rows: &Tally) {
        let finding = Finding::new(rule, Some(&self.table.name), Some(&self.column.name), text);
        self.findings.push(finding.with_rows(rows.count, keys(rows)));
    }

    /// As [`Self::say`], about no rows in particular.
    pub(super) fn remark(&mut self, rule: &'static Rule, text: impl Into<String>) {
        self.findings.push(Finding::new(rule, Some(&self.table.name), Some(&self.column.name), text));
    }
}

/// The keys as findings have them.
pub(super) fn keys(rows: &Tally) -> Vec<String> {
    rows.first_keys.iter().map(i64::to_string).collect()
}
