//! The user's decisions: a TOML file that overrides types, names and policies.
//!
//! Nothing in it is ignored: an unknown key, table or column is an error. [`Decisions::write`] writes a whole
//! conversion as such a file, which results in the same conversion again.

mod check;
mod error;
mod settings;
mod type_words;
mod write;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use error::DecisionsError;
pub(super) use type_words::form as type_form;
pub(super) use type_words::name as type_name;

use super::conversion::OnIncompatible;
use super::types::{Reading, TargetType};

/// The user's decisions. Tables and columns have their source names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decisions {
    /// The PostgreSQL schema; `public` if not set.
    pub schema: Option<String>,
    /// The policy for integer types.
    pub integers: Integers,
    /// The policy for values that force a wider type.
    pub incompatible: Incompatible,
    /// The policy for orphans.
    pub orphans: OrphanPolicy,
    /// The policy for uniqueness under NOCASE.
    pub nocase: NoCase,
    /// Whether text of instants without a UTC offset is UTC, in columns of existing tables that are `timestamptz`. Not
    /// set: if the application's framework is known to write UTC.
    pub assume_utc: Option<bool>,
    /// Whether a full-text table is converted to an index on its content table.
    pub full_text: bool,
    /// The tables that are copied; empty for all.
    pub only: Vec<String>,
    /// The tables with decisions.
    pub tables: BTreeMap<String, TableDecision>,
}

/// The policy for integer types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Integers {
    /// As declared, wider if a value needs it.
    #[default]
    Auto,
    /// `bigint` for all.
    Bigint,
    /// As declared; rows with values outside the range are rejected.
    Declared,
}

/// The policy for values that force a wider type than that of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Incompatible {
    /// The column gets the wider type, and every value is copied.
    #[default]
    Widen,
    /// The column keeps its type, and the rows with such values are rejected.
    Reject,
}

/// The policy for orphans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrphanPolicy {
    /// Nothing is copied.
    Stop,
    /// They are rejected.
    Quarantine,
    /// They are copied, and the foreign key stays NOT VALID.
    #[default]
    NotValid,
    /// Their references become NULL, and are counted and reported.
    Null,
}

/// The policy for uniqueness under NOCASE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoCase {
    /// With a unique index on `lower(column COLLATE "C")`.
    #[default]
    Index,
    /// With the type `citext`, for text columns declared NOCASE.
    Citext,
}

/// The decisions about a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableDecision {
    /// Its name in PostgreSQL.
    pub name: Option<String>,
    /// Whether it is skipped.
    pub skip: bool,
    /// The columns with decisions.
    pub columns: BTreeMap<String, ColumnDecision>,
}

/// The decisions about a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ColumnWords")]
pub struct ColumnDecision {
    /// The type to use: one, or the same type in each form that its values may have. Empty if not set.
    pub types: Vec<TargetType>,
    /// Its name in PostgreSQL.
    pub name: Option<String>,
    /// Whether it is skipped.
    pub skip: bool,
    /// How to handle incompatible values.
    pub on_incompatible: Option<OnIncompatible>,
    /// Whether digits that the type does not keep are rounded away.
    pub round: bool,
    /// The digits of fractional seconds that the column of an existing table keeps.
    pub fraction_digits: Option<u8>,
    /// The labels of the enum that the column of an existing table has.
    pub labels: Vec<String>,
    /// The policy for values that force a wider type, if it is not that of the database.
    pub incompatible: Option<Incompatible>,
}

/// A column in the file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ColumnWords {
    r#type: Option<String>,
    form: Option<String>,
    name: Option<String>,
    skip: bool,
    round: bool,
    #[serde(rename = "misfit")]
    on_incompatible: Option<OnIncompatibleWord>,
    incompatible: Option<Incompatible>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OnIncompatibleWord {
    Reject,
    Null,
    RemoveNul,
    Bytes,
}

impl TryFrom<ColumnWords> for ColumnDecision {
    type Error = String;

    fn try_from(words: ColumnWords) -> Result<Self, String> {
        let mut types = match &words.r#type {
            None => Vec::new(),
            Some(name) => {
                type_words::parse(name).ok_or_else(|| format!("`{name}` is not a supported type"))?
            }
        };
        if let Some(form) = &words.form {
            let mut of_form = type_words::of_form(form);
            if of_form.is_empty() {
                return Err(format!("`{form}` is not a form of any type"));
            }
            if let (Some(name), Some(first)) = (&words.r#type, types.first()) {
                of_form.retain(|target| type_words::name(*target) == type_words::name(*first));
                if of_form.is_empty() {
                    return Err(format!("the type `{name}` does not have the form `{form}`"));
                }
            }
            types = of_form;
        }
        let on_incompatible = words.on_incompatible.map(|word| match word {
            OnIncompatibleWord::Reject => OnIncompatible::Reject,
            OnIncompatibleWord::Null => OnIncompatible::Null,
            OnIncompatibleWord::RemoveNul => OnIncompatible::RemoveNul,
            OnIncompatibleWord::Bytes => OnIncompatible::Bytes,
        });
        if on_incompatible == Some(OnIncompatible::Bytes) {
            if types.is_empty() {
                types.push(TargetType::Bytea);
            } else if types != [TargetType::Bytea] {
                return Err("`misfit = \"bytes\"` requires the type `bytea`".to_owned());
            }
        }
        let ColumnWords { name, skip, round, incompatible, .. } = words;
        Ok(Self { types, name, skip, round, on_incompatible, incompatible, ..Self::default() })
    }
}

impl Decisions {
    /// Parses the text of the file.
    ///
    /// # Errors
    /// When it is not TOML, or contains an unknown key; the error has the line.
    pub fn parse(text: &str) -> Result<Self, DecisionsError> {
        toml::from_str(text).map_err(|source: toml::de::Error| {
            let start = source.span().map_or(0, |span| span.start);
            let before = text.as_bytes().iter().take(start);
            let line = before.filter(|byte| **byte == b'\n').count() + 1;
            DecisionsError::Read { line, source: Box::new(source) }
        })
    }

    /// The decisions about a table.
    #[must_use]
    pub fn table(&self, table: &str) -> Option<&TableDecision> {
        self.tables.get(table)
    }

    /// The decisions about a column.
    #[must_use]
    pub fn column(&self, table: &str, column: &str) -> Option<&ColumnDecision> {
        self.table(table)?.columns.get(column)
    }

    /// How the values of a column are read.
    #[must_use]
    pub fn reading(&self, table: &str, column: &str) -> Reading {
        let decision = self.column(table, column);
        Reading {
            any_form: decision.is_some_and(|decision| !decision.types.is_empty()),
            rounds: decision.is_some_and(|decision| decision.round),
            fraction_digits: decision.and_then(|decision| decision.fraction_digits),
        }
    }

    /// The labels of the enum of a column; empty for other types.
    #[must_use]
    pub fn labels(&self, table: &str, column: &str) -> &[String] {
        self.column(table, column).map_or(&[], |decision| &decision.labels)
    }

    /// The types of which a column must get one; empty if not set.
    #[must_use]
    pub fn forced_types(&self, table: &str, column: &str) -> &[TargetType] {
        self.column(table, column).map_or(&[], |decision| &decision.types)
    }
}

#[cfg(test)]
mod tests;
