//! Columns declared as numbers and booleans.

use super::column::Subject;
use super::widen::Widening;
use crate::conversion::OnIncompatible;
use crate::decisions::{Integers, type_name};
use crate::profile::Intent;
use crate::rules::types as rules;
use crate::types::TargetType;

impl Subject<'_> {
    pub(super) fn number(&mut self) -> (TargetType, OnIncompatible) {
        let declared = self.declared_number();
        let is_integer = matches!(declared, TargetType::Integer | TargetType::BigInt);
        if is_integer && self.integers == Integers::Declared {
            return (self.as_declared(declared), OnIncompatible::Reject);
        }
        if let Some(bytes) = self.with_blobs() {
            return bytes;
        }
        let target = if self.holds(declared) { declared } else { self.wider_number(declared) };
        let target = self.number_rows(target);
        if matches!(target, TargetType::Numeric { .. } | TargetType::AnyNumeric)
            && matches!(self.profile.intent, Intent::Decimal(_))
            && !self.profile.real.is_empty()
        {
            let reals = &self.profile.real;
            let text = format!("{} values are stored as binary floating-point numbers", reals.count);
            self.add_finding(&rules::DECIMAL_FROM_REAL, text, reals);
        }
        (target, OnIncompatible::Reject)
    }

    fn declared_number(&self) -> TargetType {
        match self.profile.intent {
            Intent::Boolean | Intent::TinyFlag => TargetType::Boolean,
            Intent::Double => TargetType::Double,
            Intent::Decimal(Some((precision, scale))) => TargetType::Numeric { precision, scale },
            Intent::Decimal(None) => TargetType::AnyNumeric,
            Intent::Integer if self.integers == Integers::Bigint => TargetType::BigInt,
            Intent::Integer => TargetType::Integer,
            _ => TargetType::BigInt,
        }
    }

    /// The declared type, independent of the values.
    fn as_declared(&mut self, declared: TargetType) -> TargetType {
        let unfit = self.odd(declared);
        if !unfit.is_empty() {
            let text = format!("{} values are incompatible with {}", unfit.count, type_name(declared));
            self.reject(&rules::OUT_OF_DECLARED, text, &unfit);
        }
        declared
    }

    fn wider_number(&mut self, declared: TargetType) -> TargetType {
        let profile = self.profile;
        let odd = self.odd(declared);
        let is_flag = declared == TargetType::Boolean;
        let from_integer = is_flag || matches!(declared, TargetType::Integer | TargetType::BigInt);
        let no_text = profile.text.count == profile.nul_text.count + profile.broken_text.count;
        let is_exact = no_text && profile.inexact.is_empty();
        let integers = [TargetType::Integer, TargetType::BigInt];
        let integer = integers.into_iter().find(|target| from_integer && self.holds(*target));
        let (target, rule) = match integer {
            Some(integer) if is_flag => {
                let is_big = self.integers == Integers::Bigint;
                (if is_big { TargetType::BigInt } else { integer }, &rules::NOT_BOOLEAN)
            }
            Some(integer) => (integer, &rules::INTEGER_TO_BIGINT),
            None if from_integer && is_exact => (TargetType::Double, &rules::REAL_IN_INTEGER),
            None if self.holds(TargetType::AnyNumeric) => {
                let is_decimal = matches!(declared, TargetType::Numeric { .. });
                let rule = if is_decimal { &rules::DECIMAL_TOO_WIDE } else { &rules::INTEGER_TO_NUMERIC };
                (TargetType::AnyNumeric, rule)
            }
            None => (TargetType::Text, &rules::TEXT_IN_NUMBER),
        };
        let reason =
            profile.reason(declared).map(|reason| format!("; the first: {reason}")).unwrap_or_default();
        let text = format!("{} values are incompatible with {}", odd.count, type_name(declared));
        if rule == &rules::INTEGER_TO_BIGINT {
            // Every integer fits, so that there is nothing to reject.
            self.add_finding(rule, format!("{text}{reason}"), &odd);
            return target;
        }
        let kept = self.kept_number(declared);
        let rows = if target == TargetType::Text { self.odd(TargetType::AnyNumeric) } else { odd };
        let forcing = self.odd(kept);
        let wide = Widening { target, rule, text, reason, rows: &rows };
        let target = self.widened(wide, kept, &forcing);
        if target == TargetType::Text {
            self.report_empty_text();
        }
        target
    }

    /// The type without the values that are not of the declared kind.
    fn kept_number(&self, declared: TargetType) -> TargetType {
        let fits = |(least, greatest)| i32::try_from(least).is_ok() && i32::try_from(greatest).is_ok();
        match declared {
            TargetType::Integer if !self.profile.integer_range.is_none_or(fits) => TargetType::BigInt,
            declared => declared,
        }
    }

    /// For an identity column: a type that also fits the next value.
    fn number_rows(&mut self, target: TargetType) -> TargetType {
        let next = self.next_number.flatten();
        match next {
            Some(next) if target == TargetType::Integer && next > i64::from(i32::MAX) => {
                self.remark(&rules::INTEGER_TO_BIGINT, format!("The next generated value is {next}"));
                TargetType::BigInt
            }
            _ => target,
        }
    }
}
