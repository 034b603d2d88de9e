//! Types that the configuration file sets.

use super::column::Subject;
use crate::conversion::OnIncompatible;
use crate::decisions::type_name;
use crate::finding::Rule;
use crate::profile::Tally;
use crate::rules::types as rules;
use crate::types::{InstantForm, TargetType};

impl Subject<'_> {
    /// The configured type; if it has several forms and none is set, the one that fits most values.
    pub(super) fn forced(&mut self) -> (TargetType, OnIncompatible) {
        let types: &[TargetType] = self.decision.map_or(&[], |decision| &decision.types);
        let unit = self.profile.epoch.unit();
        let in_unit = |target: TargetType| match target {
            TargetType::Timestamp(form) | TargetType::TimestampTz(form) => Some(form) == unit,
            _ => false,
        };
        // The form of the unit in which the numbers are plausible comes before other forms that fit them.
        let is_number = |form| {
            matches!(form, InstantForm::Seconds | InstantForm::Milliseconds | InstantForm::Microseconds)
        };
        let rank = |target: TargetType| {
            let unfit = self.profile.trial(target).map_or(0, |trial| trial.unfit.count);
            let is_other_unit = match target {
                TargetType::Timestamp(form) | TargetType::TimestampTz(form) => {
                    is_number(form) && !in_unit(target)
                }
                _ => false,
            };
            (unfit, is_other_unit)
        };
        let best = types.iter().copied().min_by_key(|target| rank(*target));
        let target = best.unwrap_or(TargetType::Text);
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
        (target, on_incompatible)
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
