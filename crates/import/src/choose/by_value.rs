//! Columns without a meaningful declared type, or declared as BLOB without BLOBs.

use super::column::Subject;
use super::widen::Widening;
use crate::conversion::OnIncompatible;
use crate::profile::{Intent, Tally};
use crate::rules::types as rules;
use crate::types::TargetType;

impl Subject<'_> {
    pub(super) fn by_value(&mut self) -> (TargetType, OnIncompatible) {
        let profile = self.profile;
        let is_bytes = profile.intent == Intent::Bytes;
        let declared = self.column.declared_type.as_str();
        if !is_bytes && !declared.is_empty() && !declared.eq_ignore_ascii_case("any") {
            // A name can be up to a megabyte long.
            let start: String = declared.chars().take(60).collect();
            self.remark(&rules::UNKNOWN_NAME, format!("The type {start:?} is not known"));
        }
        if profile.value_count() == 0 {
            return (if is_bytes { TargetType::Bytea } else { TargetType::Text }, OnIncompatible::Reject);
        }
        if let Some(bytes) = self.with_blobs() {
            return bytes;
        }
        let numbers = profile.integer.clone().merge(&profile.real);
        if is_bytes {
            let all = numbers.clone().merge(&profile.text);
            self.add_finding(
                &rules::NO_BLOB_IN_BLOB,
                format!("None of the {} values is a BLOB", all.count),
                &all,
            );
            // Numbers have no bytes.
            if numbers.is_empty() && (!profile.nul_text.is_empty() || !profile.broken_text.is_empty()) {
                return (TargetType::Bytea, OnIncompatible::Bytes);
            }
        }
        if !profile.text.is_empty() {
            if numbers.is_empty() {
                return (TargetType::Text, OnIncompatible::Reject);
            }
            let kept = if profile.real.is_empty() { TargetType::BigInt } else { TargetType::Double };
            // Only where double precision has every number.
            let odd = match profile.inexact.is_empty() || profile.real.is_empty() {
                true => profile.text.clone().without(&[&profile.nul_text, &profile.broken_text]),
                false => Tally::default(),
            };
            let wide = Widening {
                target: TargetType::Text,
                rule: &rules::MIXED_UNTYPED,
                text: format!("{} values are numbers, {} are text", numbers.count, profile.text.count),
                reason: String::new(),
                rows: &numbers,
            };
            return (self.widened(wide, kept, &odd), OnIncompatible::Reject);
        }
        (self.number_by_value(), OnIncompatible::Reject)
    }

    /// The type of a column of numbers only.
    pub(super) fn number_by_value(&mut self) -> TargetType {
        let profile = self.profile;
        if profile.real.is_empty() {
            TargetType::BigInt
        } else if profile.inexact.is_empty() {
            TargetType::Double
        } else if self.holds(TargetType::AnyNumeric) {
            let text = format!(
                "{} integers cannot be represented exactly as double precision",
                profile.inexact.count
            );
            self.add_finding(&rules::INTEGER_TO_NUMERIC, text, &profile.inexact);
            TargetType::AnyNumeric
        } else {
            let text = "The values contain infinities or negative zero, and integers of more than 53 bits";
            self.add_finding(&rules::MIXED_UNTYPED, text, &profile.inexact);
            TargetType::Text
        }
    }
}
