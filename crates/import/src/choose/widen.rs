//! Rules for all columns: the fallback types, and values that no type can store.

use super::column::Subject;
use crate::conversion::OnIncompatible;
use crate::profile::{Intent, Tally};
use crate::rules::types as rules;
use crate::types::TargetType;

impl Subject<'_> {
    /// The type of a column with BLOBs that is not declared as BLOB; `None` if it has none.
    pub(super) fn with_blobs(&mut self) -> Option<(TargetType, OnIncompatible)> {
        let (profile, blobs) = (self.profile, &self.profile.blob);
        if blobs.is_empty() {
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
        let others = profile.integer.clone().merge(&profile.real).merge(&profile.text);
        let text = format!("{} values are BLOBs, {} are not", blobs.count, others.count);
        let odd = if profile.intent == Intent::Bytes { &others } else { blobs };
        self.add_finding(&rules::BLOB_BESIDE_OTHERS, text, odd);
        Some((TargetType::Bytea, OnIncompatible::Bytes))
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
