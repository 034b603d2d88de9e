//! Types that the user decided on.

use super::column::Subject;
use crate::conversion::Misfit;
use crate::decisions::type_name;
use crate::finding::Rule;
use crate::profile::Tally;
use crate::rules::types as rules;
use crate::types::{InstantForm, TargetType};

impl Subject<'_> {
    /// The type that was decided on; where it has several forms and none was given, the one most values are in.
    pub(super) fn forced(&mut self) -> (TargetType, Misfit) {
        let types: &[TargetType] = self.decision.map_or(&[], |decision| &decision.types);
        let unit = self.profile.epoch.unit();
        let in_unit = |target: TargetType| match target {
            TargetType::Timestamp(form) | TargetType::TimestampTz(form) => Some(form) == unit,
            _ => false,
        };
        // The form of the unit in which the numbers are plausible comes before the others that take them.
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
        let misfit = self.decision.and_then(|decision| decision.misfit).unwrap_or_default();
        let unfit = self.unfit(target);
        match misfit {
            Misfit::Bytes => {}
            Misfit::Reject => self.say_misfits(&rules::FORCED_MISFIT, target, &unfit),
            Misfit::Null => self.say_misfits(&rules::MISFIT_DECIDED, target, &unfit),
            Misfit::RemoveNul => {
                let fitting = self.fit_without_nul(target);
                self.say_misfits(&rules::MISFIT_DECIDED, target, &fitting);
                self.say_misfits(&rules::FORCED_MISFIT, target, &unfit.without(&[&fitting]));
            }
        }
        (target, misfit)
    }

    fn say_misfits(&mut self, rule: &'static Rule, target: TargetType, rows: &Tally) {
        if rows.is_empty() {
            return;
        }
        let reason =
            self.profile.reason(target).map(|reason| format!("; of the first, {reason}")).unwrap_or_default();
        self.say(rule, format!("{} values do not fit {}{reason}", rows.count, type_name(target)), rows);
    }
}
