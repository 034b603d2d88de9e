//! What is the same for all columns: where everything else ends, and what no type can hold.

use super::column::Subject;
use crate::conversion::Misfit;
use crate::profile::{Intent, Tally};
use crate::rules::types as rules;
use crate::types::TargetType;

impl Subject<'_> {
    /// The type of a column with BLOBs that is not declared for them; `None` when it has none.
    pub(super) fn with_blobs(&mut self) -> Option<(TargetType, Misfit)> {
        let (profile, blobs) = (self.profile, &self.profile.blob);
        if blobs.is_empty() {
            return None;
        }
        if blobs.count == profile.value_count() {
            if !matches!(profile.intent, Intent::Bytes | Intent::Unknown) {
                self.say(&rules::BLOB_IN_TYPED, format!("All {} values are BLOBs", blobs.count), blobs);
            }
            return Some((TargetType::Bytea, Misfit::Reject));
        }
        let others = profile.integer.clone().merge(&profile.real).merge(&profile.text);
        let text = format!("{} values are BLOBs, {} are not", blobs.count, others.count);
        let odd = if profile.intent == Intent::Bytes { &others } else { blobs };
        self.say(&rules::BLOB_BESIDE_OTHERS, text, odd);
        Some((TargetType::Bytea, Misfit::Bytes))
    }

    /// Text without a character in a column that is not declared for text, and becomes text.
    pub(super) fn say_empty(&mut self) {
        let empty = &self.profile.empty_text;
        if !empty.is_empty() {
            self.say(
                &rules::EMPTY_TEXT,
                format!("{} values are text without a character", empty.count),
                empty,
            );
        }
    }

    /// Text that no type but bytea can hold.
    pub(super) fn say_unholdable(&mut self, target: TargetType, misfit: Misfit) {
        let (nul, broken) = (&self.profile.nul_text, &self.profile.broken_text);
        let helped = match misfit {
            Misfit::Bytes => return,
            Misfit::Null => nul.clone().merge(broken),
            Misfit::RemoveNul => self.fit_without_nul(target),
            Misfit::Reject => Tally::default(),
        };
        if !helped.is_empty() {
            let text = format!("{} texts hold the character NUL or are not well-formed", helped.count);
            self.say(&rules::MISFIT_DECIDED, text, &helped);
        }
        if misfit == Misfit::Null {
            return;
        }
        let nul = nul.clone().without(&[&helped]);
        if !nul.is_empty() {
            self.say(&rules::NUL, format!("{} texts hold the character NUL", nul.count), &nul);
        }
        if !broken.is_empty() {
            self.say(&rules::NOT_UTF8, format!("{} texts are not well-formed", broken.count), broken);
        }
    }
}
