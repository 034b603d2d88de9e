//! What is found about a database, each with the rule it comes from.

use serde::Serialize;

/// A rule: what can be found, what happens then, and how that is changed. `docs/rules.md` lists all of them.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its stable name: `area/what`, in lower case with hyphens.
    pub id: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// What is found, in general.
    pub what: &'static str,
    /// What happens by default. It never loses or changes a value without naming it.
    pub by_default: &'static str,
    /// How to have it otherwise.
    pub change: &'static str,
}

/// How much a finding weighs for the move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Worth knowing; nothing is decided by it.
    Note,
    /// A type is wider, or an object another, than was declared; every value arrives.
    Widened,
    /// Something is not carried, or rows are set aside, unless somebody decides otherwise.
    Decision,
    /// It cannot be done as the database is.
    Impossible,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The rule it comes from.
    pub rule: &'static Rule,
    /// The table, where there is one.
    pub table: Option<String>,
    /// The column, constraint, index, view or trigger, where there is one.
    pub object: Option<String>,
    /// What was found here, in a sentence without a full stop.
    pub text: String,
    /// How many rows or values it is about; `None` where it is not about rows.
    pub count: Option<i64>,
    /// The first keys (rowids, or positions in key order) of those rows.
    pub first_keys: Vec<String>,
}

impl Finding {
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

    /// The same, with the rows it is about.
    #[must_use]
    pub fn with_rows(mut self, count: i64, first_keys: Vec<String>) -> Self {
        self.count = Some(count);
        self.first_keys = first_keys;
        self
    }
}
