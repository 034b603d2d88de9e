//! Findings about a database, each with the rule it comes from.

use serde::Serialize;

/// A rule: what can be found, what happens by default, and how to change it. `docs/rules.md` lists all of them.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its stable name: `area/what`, in lower case with hyphens.
    pub id: &'static str,
    /// Its weight.
    pub weight: Weight,
    /// What is found, in general.
    pub what: &'static str,
    /// What happens by default. A value that is lost or changed is reported.
    pub by_default: &'static str,
    /// How to change the default.
    pub change: &'static str,
}

/// The weight of a finding for the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// For information; no decision needed.
    Note,
    /// A type or object differs from its declaration; every value is copied.
    Widened,
    /// An object is skipped or renamed or rows are rejected, unless configured otherwise.
    Decision,
    /// Not possible with the database as it is.
    Impossible,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportFinding {
    /// The rule it comes from.
    pub rule: &'static Rule,
    /// The table, if it concerns one.
    pub table: Option<String>,
    /// The column, constraint, index, view or trigger, if it concerns one.
    pub object: Option<String>,
    /// What was found here, in a sentence without a full stop.
    pub text: String,
    /// The number of rows or values; `None` if it does not concern rows.
    pub count: Option<i64>,
    /// The first keys (rowids, or positions in key order) of those rows.
    pub first_keys: Vec<String>,
}

impl ImportFinding {
    /// A finding about an object of a table.
    pub fn new(
        rule: &'static Rule,
        table: Option<&str>,
        object: Option<&str>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            table: table.map(str::to_owned),
            object: object.map(str::to_owned),
            text: text.into(),
            count: None,
            first_keys: Vec::new(),
        }
    }

    /// The same, with the rows it concerns.
    #[must_use]
    pub fn with_rows(mut self, count: i64, first_keys: Vec<String>) -> Self {
        self.count = Some(count);
        self.first_keys = first_keys;
        self
    }
}
