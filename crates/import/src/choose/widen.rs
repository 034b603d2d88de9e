//! Rules for all columns: the fallback types, and values that no type can store.

use super::column::{Subject, takes_blobs};
use crate::conversion::OnIncompatible;
use crate::decisions::{Incompatible, type_name};
use crate::finding::Rule;
use crate::profile::{Intent, Tally};
use crate::report::numbers::count;
use crate::rules::types as rules;
use crate::types::TargetType;

/// A wider type, and its finding.
pub(super) struct Widening<'a> {
    pub(super) target: TargetType,
    pub(super) rule: &'static Rule,
    pub(super) text: String,
    /// The reason of the first value, after a semicolon; or nothing.
    pub(super) reason: String,
    pub(super) rows: &'a Tally,
}

impl Subject<'_> {
    /// The type of a column of BLOBs; `None` if it has none, or only stray ones.
    pub(super) fn with_blobs(&mut self) -> Option<(TargetType, OnIncompatible)> {
        let (profile, blobs) = (self.profile, &self.profile.blob);
        if blobs.is_empty() || !self.stray_blobs().is_empty() {
            return None;
        }
        if blobs.count == profile.value_count() {
            if !matches!(profile.intent, Intent::Bytes | Intent::Unknown) {
                self.add_finding(
                    &rules::BLOB_IN_TYPED,
                    format!("All {} values are BLOBs", blobs.count),
                    blobs,
                );
            }
            return Some((TargetType::Bytea, OnIncompatible::Reject));
        }
        let (text, numbers) = (&profile.text, profile.integer.clone().merge(&profile.real));
        if !text.is_empty() {
            let found = format!("{} values are BLOBs, {} are text", blobs.count, text.count);
            self.add_finding(&rules::BLOB_BESIDE_OTHERS, found, text);
        }
        if !numbers.is_empty() {
            let found = format!("{} values are numbers", numbers.count);
            match text.is_empty() {
                true => self.reject(&rules::NUMBER_IN_BLOB, found, &numbers),
                false => self.add_finding(&rules::NUMBER_IN_BLOB, found, &numbers),
            }
        }
        let on_incompatible = if text.is_empty() { OnIncompatible::Reject } else { OnIncompatible::Bytes };
        Some((TargetType::Bytea, on_incompatible))
    }

    /// BLOBs beside values of another kind, which no other type can store: `bytea` would make all of the others
    /// unreadable for the application. In a column without a declared type the majority decides.
    pub(super) fn stray_blobs(&self) -> Tally {
        let (profile, blobs) = (self.profile, &self.profile.blob);
        let others = profile.value_count() - blobs.count;
        let are_blobs = match profile.intent {
            Intent::Bytes => true,
            Intent::Unknown => blobs.count >= others,
            _ => false,
        };
        if others == 0 || are_blobs { Tally::default() } else { blobs.clone() }
    }

    /// The rows of stray BLOBs.
    pub(super) fn report_stray_blobs(&mut self, target: TargetType) {
        let stray = self.stray_blobs();
        if !stray.is_empty() && !takes_blobs(target) {
            let others = self.profile.value_count() - stray.count;
            let text = format!("{} values are BLOBs, {others} are not", stray.count);
            self.reject(&rules::BLOB_REJECTED, text, &stray);
        }
    }

    /// Adds a finding about rows that are rejected, unless the configuration sets that the values become NULL.
    pub(super) fn reject(&mut self, rule: &'static Rule, text: String, rows: &Tally) {
        let is_nulled =
            self.decision.is_some_and(|decision| decision.on_incompatible == Some(OnIncompatible::Null));
        self.add_finding(if is_nulled { &rules::MISFIT_DECIDED } else { rule }, text, rows);
    }

    /// The wider type that `odd` values force, with both prices in the finding; or the type that all other values
    /// have, if these rows are to be rejected.
    pub(super) fn widened(&mut self, wide: Widening, kept: TargetType, odd: &Tally) -> TargetType {
        let rows = self.profile.null.count + self.profile.value_count();
        let (few, all, name) = (count(odd.count), count(rows), type_name(kept));
        // Of a type that most values do not have, nothing would remain.
        let is_minority = odd.count * 2 <= self.profile.value_count();
        let decided = self.decision.and_then(|decision| decision.incompatible);
        let is_rejected = match decided {
            Some(decided) => decided == Incompatible::Reject,
            None => self.incompatible == Incompatible::Reject && is_minority,
        };
        if is_rejected && !odd.is_empty() {
            let text = format!("{few} of {all} rows are incompatible with {name}{}", wide.reason);
            self.reject(&rules::INCOMPATIBLE_REJECTED, text, odd);
            return kept;
        }
        let text = match is_minority && !odd.is_empty() {
            true => {
                let (rows, these) = if odd.count == 1 {
                    (format!("1 of {all} rows forces"), "it".to_owned())
                } else {
                    (format!("{few} of {all} rows force"), format!("these {few}"))
                };
                let target = type_name(wide.target);
                format!(
                    "{}{}; {rows} {target}; `--incompatible reject` keeps {name} and rejects {these}",
                    wide.text, wide.reason
                )
            }
            false => format!("{}{}", wide.text, wide.reason),
        };
        self.add_finding(wide.rule, text, wide.rows);
        wide.target
    }

    /// Empty strings in a column that is not declared as text, and becomes text.
    pub(super) fn report_empty_text(&mut self) {
        let empty = &self.profile.empty_text;
        if !empty.is_empty() {
            self.add_finding(&rules::EMPTY_TEXT, format!("{} values are empty strings", empty.count), empty);
        }
    }

    /// Text that only bytea can store.
    pub(super) fn report_unstorable(&mut self, target: TargetType, on_incompatible: OnIncompatible) {
        let (nul, broken) = (&self.profile.nul_text, &self.profile.broken_text);
        let helped = match on_incompatible {
            OnIncompatible::Bytes => return,
            OnIncompatible::Null => nul.clone().merge(broken),
            OnIncompatible::RemoveNul => self.fit_without_nul(target),
            OnIncompatible::Reject => Tally::default(),
        };
        if !helped.is_empty() {
            let text = format!("{} text values contain NUL or are not well-formed", helped.count);
            self.add_finding(&rules::MISFIT_DECIDED, text, &helped);
        }
        if on_incompatible == OnIncompatible::Null {
            return;
        }
        let nul = nul.clone().without(&[&helped]);
        if !nul.is_empty() {
            self.add_finding(&rules::NUL, format!("{} text values contain NUL", nul.count), &nul);
        }
        if !broken.is_empty() {
            self.add_finding(
                &rules::NOT_UTF8,
                format!("{} text values are not well-formed", broken.count),
                broken,
            );
        }
    }
}
