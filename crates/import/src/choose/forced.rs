//! Types that the configuration file or the target's catalog sets.

use super::column::Subject;
use super::units;
use crate::conversion::OnIncompatible;
use crate::decisions::{type_form, type_name};
use crate::finding::Rule;
use crate::profile::{Intent, Tally};
use crate::rules::types as rules;
use crate::types::TargetType;

impl Subject<'_> {
    /// The decided type; if it has several forms and none is decided, the one that fits most values. The unit of numbers
    /// is never decided by that: a number fits every unit.
    pub(super) fn forced(&mut self) -> (TargetType, OnIncompatible) {
        let types: &[TargetType] = self.decision.map_or(&[], |decision| &decision.types);
        let certain = self.number_form();
        let rank = |target: TargetType| {
            let trial = self.profile.trial(target);
            let unfit = trial.map_or(0, |trial| trial.unfit.count);
            let is_other_unit =
                certain.is_some() && units::is_number(target) && units::instant_form(target) != certain;
            let inexact = trial.map_or(0, |trial| trial.fit.count - trial.exact_count);
            (unfit, is_other_unit, inexact)
        };
        let best = types.iter().copied().min_by_key(|target| rank(*target)).unwrap_or(TargetType::Text);
        let target = if units::is_number(best) { self.with_unit(types, best) } else { best };
        let on_incompatible = self.decision.and_then(|decision| decision.on_incompatible).unwrap_or_default();
        let unfit = self.unfit(target);
        match on_incompatible {
            // Numbers have no bytes.
            OnIncompatible::Bytes => {
                let numbers = self.profile.integer.clone().merge(&self.profile.real);
                self.report_incompatible(&rules::FORCED_MISFIT, target, &numbers);
            }
            OnIncompatible::Reject => self.report_incompatible(&rules::FORCED_MISFIT, target, &unfit),
            OnIncompatible::Null => self.report_incompatible(&rules::MISFIT_DECIDED, target, &unfit),
            OnIncompatible::RemoveNul => {
                let fitting = self.fit_without_nul(target);
                self.report_incompatible(&rules::MISFIT_DECIDED, target, &fitting);
                self.report_incompatible(&rules::FORCED_MISFIT, target, &unfit.without(&[&fitting]));
            }
        }
        let rounded = self.profile.trial(target).map(|trial| trial.rounded.clone()).unwrap_or_default();
        if !rounded.is_empty() {
            let text = format!("{} values are rounded to {}", rounded.count, type_name(target));
            self.add_finding(&rules::MISFIT_DECIDED, text, &rounded);
        }
        self.report_padding(target);
        self.report_bytes(on_incompatible);
        (target, on_incompatible)
    }

    /// The type with a unit, if that is certain; otherwise in the form of text, which numbers do not fit.
    fn with_unit(&mut self, types: &[TargetType], best: TargetType) -> TargetType {
        let numbers = self.profile.integer.clone().merge(&self.profile.real);
        if numbers.is_empty() {
            return best;
        }
        let of_number: Vec<TargetType> =
            types.iter().copied().filter(|target| units::is_number(*target)).collect();
        let certain = self.number_form();
        let is_one_unit = of_number.iter().all(|target| type_form(*target) == type_form(best));
        let is_decided = if is_one_unit && of_number.len() == types.len() {
            true
        } else if is_one_unit && !matches!(best, TargetType::Date(_)) {
            // The only unit that the framework writes; but not where all values are plausible in another one.
            certain.is_none() || certain == units::instant_form(best)
        } else {
            certain.is_some() && certain == units::instant_form(best)
        };
        if is_decided {
            let read = units::readings(self.profile, &[best]);
            self.add_finding(
                &rules::EPOCH,
                format!("{} values are numbers: {read}", numbers.count),
                &numbers,
            );
            return best;
        }
        let readings = units::readings(self.profile, &of_number);
        let text = format!("{} values are numbers without a certain unit: {readings}", numbers.count);
        self.add_finding(&rules::UNIT_UNKNOWN, text, &numbers);
        types.iter().copied().find(|target| !units::is_number(*target)).unwrap_or(best)
    }

    /// Text that is stored as its bytes.
    fn report_bytes(&mut self, on_incompatible: OnIncompatible) {
        let text = self.profile.text.clone();
        if on_incompatible != OnIncompatible::Bytes || text.is_empty() {
            return;
        }
        let is_declared = matches!(self.profile.intent, Intent::Bytes | Intent::Unknown);
        let rule = if is_declared { &rules::BLOB_BESIDE_OTHERS } else { &rules::MISFIT_DECIDED };
        self.add_finding(rule, format!("{} values are text, stored as their bytes", text.count), &text);
    }

    /// PostgreSQL pads text of `character(n)`.
    fn report_padding(&mut self, target: TargetType) {
        let TargetType::Char(length) = target else { return };
        let count = self.profile.text.count - self.unfit(target).count;
        if count > 0 {
            let text = format!("Text is padded with spaces to {length} characters");
            self.remark(&rules::PADDED, text);
        }
    }

    fn report_incompatible(&mut self, rule: &'static Rule, target: TargetType, rows: &Tally) {
        if rows.is_empty() {
            return;
        }
        let reason =
            self.profile.reason(target).map(|reason| format!("; the first: {reason}")).unwrap_or_default();
        self.add_finding(
            rule,
            format!("{} values are incompatible with {}{reason}", rows.count, type_name(target)),
            rows,
        );
    }
}
