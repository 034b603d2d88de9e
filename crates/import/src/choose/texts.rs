//! Columns declared for text, UUIDs and JSON.

use super::column::Subject;
use crate::conversion::Misfit;
use crate::profile::Intent;
use crate::rules::types as rules;
use crate::types::{TargetType, UuidForm};

impl Subject<'_> {
    pub(super) fn text(&mut self) -> (TargetType, Misfit) {
        if let Some(bytes) = self.with_blobs() {
            return bytes;
        }
        let numbers = self.profile.integer.clone().merge(&self.profile.real);
        if !numbers.is_empty() {
            self.say(&rules::NUMBER_IN_TEXT, format!("{} values are numbers", numbers.count), &numbers);
        }
        let Intent::Varchar(length) = self.profile.intent else { return (TargetType::Text, Misfit::Reject) };
        let declared = TargetType::Varchar(length);
        if self.holds(declared) {
            return (declared, Misfit::Reject);
        }
        let long = self.odd(declared);
        let longest = self.profile.longest_characters;
        let text = format!("{} texts have more than {length} characters, the longest {longest}", long.count);
        self.say(&rules::VARCHAR_TOO_LONG, text, &long);
        (TargetType::Text, Misfit::Reject)
    }

    pub(super) fn uuid(&mut self) -> (TargetType, Misfit) {
        let forms = [UuidForm::Hyphenated, UuidForm::Simple, UuidForm::Bytes].map(TargetType::Uuid);
        if let Some(form) = forms.into_iter().find(|form| self.holds(*form)) {
            return (form, Misfit::Reject);
        }
        let fewest = forms.into_iter().min_by_key(|form| self.unfit(*form).count);
        let odd = fewest.map(|form| self.odd(form)).unwrap_or_default();
        let [hyphenated, simple, bytes] =
            forms.map(|form| self.profile.trial(form).map_or(0, |trial| trial.fit.count));
        let text = format!(
            "{hyphenated} values are UUIDs with hyphens in lower case, {simple} without hyphens, {bytes} of 16 bytes, \
             {} neither",
            self.profile.value_count() - hyphenated - simple - bytes
        );
        self.say(&rules::NOT_UUID, text, &odd);
        if let Some(bytes) = self.with_blobs() {
            return bytes;
        }
        self.say_empty();
        (TargetType::Text, Misfit::Reject)
    }

    pub(super) fn json(&mut self) -> (TargetType, Misfit) {
        if let Some(bytes) = self.with_blobs() {
            return bytes;
        }
        if self.holds(TargetType::Jsonb) {
            if self.profile.value_count() > 0 {
                self.remark(&rules::AS_JSONB, "The values become jsonb");
            }
            return (TargetType::Jsonb, Misfit::Reject);
        }
        let (target, refused_by, rule) = if self.holds(TargetType::Json) {
            (TargetType::Json, TargetType::Jsonb, &rules::JSON_NOT_JSONB)
        } else {
            (TargetType::Text, TargetType::Json, &rules::NOT_JSON)
        };
        let odd = self.odd(refused_by);
        let reason = self.profile.reason(refused_by).map(ToString::to_string).unwrap_or_default();
        self.say(rule, format!("{} values do not fit; of the first, {reason}", odd.count), &odd);
        if target == TargetType::Text {
            self.say_empty();
        }
        (target, Misfit::Reject)
    }
}
