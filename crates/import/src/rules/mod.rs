//! Every rule that a finding can name, by area. `docs/rules.md` is the output of `markdown`; a test compares both.

use std::fmt::Write as _;

use super::finding::{Rule, Weight};

pub mod ddl;
pub mod existing;
pub mod import;
pub mod migration_tables;
pub mod schema;
pub mod types;

/// The rules of each area.
const AREAS: &[&[&Rule]] = &[ddl::ALL, existing::ALL, import::ALL, schema::ALL, types::ALL];

/// Every rule, by id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let mut rules: Vec<&'static Rule> = AREAS.iter().flat_map(|area| area.iter().copied()).collect();
    rules.sort_unstable_by_key(|rule| rule.id);
    rules.into_iter()
}

/// The text before the rules in the document.
const PREFACE: &str = "\
# The rules

Each finding of an assessment, a conversion or an import names one of these rules. The id and the meaning of a rule are
stable. By default no value is lost or changed, and every object that is not converted is reported. Settings such as `type`
and `misfit` belong in the configuration file, which the option `--write-config` of the conversion writes. This file is
generated from the program; a test compares both.

| weight | meaning | grade |
|---|---|---|
| impossible | not possible with the database as it is | D |
| decision | an object is skipped or renamed or rows are rejected, unless configured otherwise | C |
| widened | a type or object differs from its declaration; every value is copied | B |
| note | for information; no decision needed | A |

The grade of a database is that of its heaviest finding. [assessment.md](assessment.md) describes the report.
";

/// The document that lists every rule.
pub fn markdown() -> String {
    let mut text = PREFACE.to_owned();
    text.push_str("\n| rule | weight |\n|---|---|\n");
    for rule in all() {
        // An anchor is the heading without characters other than letters, digits and hyphens.
        let anchor = rule.id.replace('/', "");
        let _ = writeln!(text, "| [{}](#{anchor}) | {} |", rule.id, word(rule.weight));
    }
    for rule in all() {
        let _ = write!(
            text,
            "\n## {}\n\n{}. Weight: {}.\n\n- By default: {}.\n- To change: {}.\n",
            rule.id,
            rule.what,
            word(rule.weight),
            rule.by_default,
            rule.change
        );
    }
    text
}

/// The name of a weight, as in JSON.
pub fn word(weight: Weight) -> &'static str {
    match weight {
        Weight::Impossible => "impossible",
        Weight::Decision => "decision",
        Weight::Widened => "widened",
        Weight::Note => "note",
    }
}

#[cfg(test)]
mod tests;
