//! Findings as they are told: the heaviest first, then rule by rule.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::numbers::length;
use crate::finding::{Finding, Rule, Weight};

/// The findings of one weight.
pub(super) struct WeightGroup<'a> {
    pub(super) weight: Weight,
    /// Rule by rule, in the order of their ids.
    pub(super) rules: Vec<RuleGroup<'a>>,
}

/// The findings of one rule.
pub(super) struct RuleGroup<'a> {
    pub(super) rule: &'static Rule,
    /// Those about the most rows first, then by name.
    pub(super) findings: Vec<&'a Finding>,
}

impl WeightGroup<'_> {
    pub(super) fn finding_count(&self) -> i64 {
        self.rules.iter().map(|group| length(&group.findings)).sum()
    }
}

/// The findings by weight, the heaviest first, and by rule.
pub(super) fn by_weight(findings: &[Finding]) -> Vec<WeightGroup<'_>> {
    let mut rules: BTreeMap<(Reverse<Weight>, &str), RuleGroup<'_>> = BTreeMap::new();
    for finding in findings {
        let rule = finding.rule;
        let group = rules.entry((Reverse(rule.weight), rule.id));
        group.or_insert_with(|| RuleGroup { rule, findings: Vec::new() }).findings.push(finding);
    }
    let mut weights: Vec<WeightGroup<'_>> = Vec::new();
    for mut group in rules.into_values() {
        group.findings.sort_by_key(|f| (Reverse(f.count), &f.table, &f.object, &f.text, &f.first_keys));
        match weights.last_mut() {
            Some(last) if last.weight == group.rule.weight => last.rules.push(group),
            _ => weights.push(WeightGroup { weight: group.rule.weight, rules: vec![group] }),
        }
    }
    weights
}

/// The heading over findings of a weight.
pub(super) fn heading(weight: Weight) -> &'static str {
    match weight {
        Weight::Impossible => "Impossible",
        Weight::Decision => "Decisions",
        Weight::Widened => "Widenings",
        Weight::Note => "Notes",
    }
}

/// What a weight means.
pub(super) fn meaning(weight: Weight) -> &'static str {
    match weight {
        Weight::Impossible => "it cannot be done as the database is",
        Weight::Decision => "not carried, or set aside, unless you decide otherwise",
        Weight::Widened => "wider or other than declared; every value arrives",
        Weight::Note => "worth knowing; nothing is to be decided",
    }
}
