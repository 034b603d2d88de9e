//! Findings in the order of reports: by weight, the heaviest first, then by rule.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::numbers::length;
use crate::finding::{ImportFinding, Rule, Weight};

/// The findings of one weight.
pub(super) struct WeightGroup<'a> {
    pub(super) weight: Weight,
    /// By rule, in the order of ids.
    pub(super) rules: Vec<RuleGroup<'a>>,
}

/// The findings of one rule.
pub(super) struct RuleGroup<'a> {
    pub(super) rule: &'static Rule,
    /// By descending number of rows, then by name.
    pub(super) findings: Vec<&'a ImportFinding>,
}

impl WeightGroup<'_> {
    pub(super) fn finding_count(&self) -> i64 {
        self.rules.iter().map(|group| length(&group.findings)).sum()
    }
}

/// The findings by weight, the heaviest first, and by rule.
pub(super) fn by_weight(findings: &[ImportFinding]) -> Vec<WeightGroup<'_>> {
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
        Weight::Impossible => "not possible with the database as it is",
        Weight::Decision => {
            "an object is skipped or renamed or rows are rejected, unless configured otherwise"
        }
        Weight::Widened => "a type or object differs from its declaration; every value is copied",
        Weight::Note => "for information; no decision needed",
    }
}
