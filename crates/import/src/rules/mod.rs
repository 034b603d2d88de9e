//! Every rule by which something can be found, area by area. `docs/rules.md` lists exactly these: it is `markdown`.

use std::fmt::Write as _;

use super::finding::{Rule, Weight};

pub mod ddl;
pub mod existing;
pub mod import;
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

/// What stands above the rules in their document.
const PREFACE: &str = "\
# The rules

What `app db assess`, `app db convert` and `app db import` find about a database, each finding by one of these rules. An
id is a promise: it stays, and so does what it means. Unless somebody decides otherwise no value is lost or changed, and
what is not carried is named. Settings such as `type` and `misfit` stand in the configuration file, which
`app db convert --write-config` writes. This file is written from the program; a test holds it to that.

| weight | meaning | grade |
|---|---|---|
| impossible | it cannot be done as the database is | D |
| decision | something is not carried, or rows are set aside, unless somebody decides otherwise | C |
| widened | a type is wider, or an object another, than was declared; every value arrives | B |
| note | worth knowing; nothing is decided by it | A |

The grade of a database is that of its heaviest finding. [assessment.md](assessment.md) tells how findings are reported.
";

/// The document that lists every rule.
pub fn markdown() -> String {
    let mut text = PREFACE.to_owned();
    text.push_str("\n| rule | weight |\n|---|---|\n");
    for rule in all() {
        // An anchor is the heading without what is no letter, digit or hyphen.
        let anchor = rule.id.replace('/', "");
        let _ = writeln!(text, "| [{}](#{anchor}) | {} |", rule.id, word(rule.weight));
    }
    for rule in all() {
        let _ = write!(
            text,
            "\n## {}\n\n{}. Weight: {}.\n\n- By default: {}.\n- To change it: {}.\n",
            rule.id,
            rule.what,
            word(rule.weight),
            rule.by_default,
            rule.change
        );
    }
    text
}

/// The word for a weight, as JSON has it.
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
