//! Columns declared as text, UUID and JSON.

use super::column::Subject;
use super::widen::Widening;
use crate::conversion::OnIncompatible;
use crate::profile::Intent;
use crate::rules::types as rules;
use crate::types::{TargetType, UuidForm};

impl Subject<'_> {
    pub(super) fn text(&mut self) -> (TargetType, OnIncompatible) {
        if let Some(bytes) = self.with_blobs() {
            return bytes;
        }
        let numbers = self.profile.integer.clone().merge(&self.profile.real);
        if !numbers.is_empty() {
            self.add_finding(
                &rules::NUMBER_IN_TEXT,
                format!("{} values are numbers", numbers.count),
                &numbers,
            );
        }
        let Intent::Varchar(length) = self.profile.intent else {
            return (TargetType::Text, OnIncompatible::Reject);
        };
        let declared = TargetType::Varchar(length);
        if self.holds(declared) {
            return (declared, OnIncompatible::Reject);
        }
        let long = self.odd(declared);
        let longest = self.profile.longest_characters;
        let text =
            format!("{} values have more than {length} characters; the longest has {longest}", long.count);
        let wide = Widening {
            target: TargetType::Text,
            rule: &rules::VARCHAR_TOO_LONG,
            text,
            reason: String::new(),
            rows: &long,
        };
        (self.widened(wide, declared, &long), OnIncompatible::Reject)
    }

    pub(super) fn uuid(&mut self) -> (TargetType, OnIncompatible) {
        let forms = [UuidForm::Hyphenated, UuidForm::Simple, UuidForm::Bytes].map(TargetType::Uuid);
        let of_blobs = TargetType::Uuid(UuidForm::Bytes);
        let fit = self.profile.trial(of_blobs).map_or(0, |trial| trial.fit.count);
        if !self.stray_blobs().is_empty() && fit * 2 > self.profile.value_count() {
            // No type has both.
            let odd = self.odd(of_blobs);
            let text = format!("{fit} values have 16 bytes, {} are others", odd.count);
            self.reject(&rules::INCOMPATIBLE_REJECTED, text, &odd);
            return (of_blobs, OnIncompatible::Reject);
        }
        if let Some(form) = forms.into_iter().find(|form| self.holds(*form)) {
            return (form, OnIncompatible::Reject);
        }
        let texts = [UuidForm::Hyphenated, UuidForm::Simple].map(TargetType::Uuid);
        let fewest = texts.into_iter().min_by_key(|form| self.unfit(*form).count);
        let odd = fewest.map(|form| self.odd(form)).unwrap_or_default();
        let [hyphenated, simple, bytes] =
            forms.map(|form| self.profile.trial(form).map_or(0, |trial| trial.fit.count));
        let text = format!(
            "{hyphenated} values are lower-case UUIDs with hyphens, {simple} are without hyphens, {bytes} have 16 \
             bytes, {} have another format",
            self.profile.value_count() - hyphenated - simple - bytes
        );
        if self.profile.blob.count == self.profile.value_count() {
            self.add_finding(&rules::NOT_UUID, text, &odd);
            return self.with_blobs().unwrap_or((TargetType::Bytea, OnIncompatible::Reject));
        }
        let wide = Widening {
            target: TargetType::Text,
            rule: &rules::NOT_UUID,
            text,
            reason: String::new(),
            rows: &odd,
        };
        let target = self.widened(wide, fewest.unwrap_or(TargetType::Text), &odd);
        if target == TargetType::Text {
            self.report_empty_text();
        }
        (target, OnIncompatible::Reject)
    }

    pub(super) fn json(&mut self) -> (TargetType, OnIncompatible) {
        if let Some(bytes) = self.with_blobs() {
            return bytes;
        }
        if self.holds(TargetType::Jsonb) {
            if self.profile.value_count() > 0 {
                self.remark(&rules::AS_JSONB, "The values become jsonb");
            }
            return (TargetType::Jsonb, OnIncompatible::Reject);
        }
        let (target, refused_by, rule) = if self.holds(TargetType::Json) {
            (TargetType::Json, TargetType::Jsonb, &rules::JSON_NOT_JSONB)
        } else {
            (TargetType::Text, TargetType::Json, &rules::NOT_JSON)
        };
        let odd = self.odd(refused_by);
        let reason = self.profile.reason(refused_by).map(ToString::to_string).unwrap_or_default();
        let kept = match self.odd(TargetType::Jsonb).count == self.odd(TargetType::Json).count {
            true => TargetType::Jsonb,
            false => refused_by,
        };
        let wide = Widening {
            target,
            rule,
            text: format!("{} values are incompatible", odd.count),
            reason: format!("; the first: {reason}"),
            rows: &odd,
        };
        let target = self.widened(wide, kept, &odd);
        if target == TargetType::Text {
            self.report_empty_text();
        }
        (target, OnIncompatible::Reject)
    }
}
