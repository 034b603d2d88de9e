//! The findings of a page, by weight and rule.

use super::escape::{Escaped, IsolatedName, RuleText};
use crate::finding::ImportFinding;
use crate::report::groups::{RuleGroup, WeightGroup, heading, meaning};
use crate::report::names::{first_keys, line, place};
use crate::report::numbers::{count, counted, length};
use crate::rules;

/// The number of visible findings of a rule; the others are folded.
const PLACES: usize = 10;

pub(super) fn section(group: &WeightGroup<'_>) -> String {
    let weight = rules::word(group.weight);
    let mut out = format!(
        "<section class=\"{weight}\">\n<h2 id=\"{weight}\" class=\"weight\">{} <span class=\"soft\">{}</span></h2>\n",
        heading(group.weight),
        meaning(group.weight)
    );
    for rule in &group.rules {
        out.push_str(&article(rule, weight));
    }
    out.push_str("</section>\n");
    out
}

fn article(group: &RuleGroup<'_>, weight: &str) -> String {
    let rule = group.rule;
    let id = Escaped(rule.id);
    let (shown, folded) = group.findings.split_at(group.findings.len().min(PLACES));
    let mut out = format!(
        "<article id=\"{id}\" class=\"{weight}\">\n<h3><code>{id}</code> <span class=\"soft\">{}</span></h3>\n\
         <dl>\n<dt>What</dt><dd>{}</dd>\n<dt>By default</dt><dd>{}</dd>\n<dt>To change</dt><dd>{}</dd>\n</dl>\n",
        counted(length(&group.findings), "finding"),
        RuleText(rule.what),
        RuleText(rule.by_default),
        RuleText(rule.change)
    );
    out.push_str(&places(shown, rule.id));
    if !folded.is_empty() {
        out.push_str(&format!("<details>\n<summary>And {} more</summary>\n", count(length(folded))));
        out.push_str(&places(folded, rule.id));
        out.push_str("</details>\n");
    }
    out.push_str("</article>\n");
    out
}

fn places(findings: &[&ImportFinding], rule_id: &str) -> String {
    let mut out = format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"Findings of {}\" tabindex=\"0\">\n<table>\n\
         <thead><tr><th scope=\"col\">Where</th><th scope=\"col\" class=\"number\">Rows</th>\
         <th scope=\"col\">Found</th></tr></thead>\n<tbody>\n",
        Escaped(rule_id)
    );
    for finding in findings {
        let keys = first_keys(finding).map_or_else(String::new, |keys| {
            format!("<br><span class=\"soft\">{}</span>", IsolatedName(&keys))
        });
        out.push_str(&format!(
            "<tr><th scope=\"row\" class=\"where\">{}</th><td class=\"number\">{}</td><td>{}{keys}</td></tr>\n",
            IsolatedName(&place(finding)),
            finding.count.map_or_else(String::new, count),
            Escaped(&line(&finding.text))
        ));
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    out
}
