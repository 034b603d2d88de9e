//! What the user decided: a TOML file that overrides types, names and policies.
//!
//! Nothing in it is ignored: an unknown key, table or column is an error. [`Decisions::write`] writes the whole of a
//! conversion as such a file, which leads to the same conversion again.

mod check;
mod error;
mod type_words;
mod write;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use error::DecisionsError;
#[cfg(test)]
pub(super) use type_words::form as type_form;
pub(super) use type_words::name as type_name;

use super::conversion::Misfit;
use super::types::TargetType;

/// What the user decided. Tables and columns are named as in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decisions {
    /// The schema of PostgreSQL; `public` when none is given.
    pub schema: Option<String>,
    /// Which integer types are chosen.
    pub integers: Integers,
    /// What becomes of rows whose parent is missing.
    pub orphans: Orphans,
    /// How uniqueness under NOCASE is kept.
    pub nocase: NoCase,
    /// Whether a full-text table becomes an index on the table it names as its content.
    pub full_text: bool,
    /// The tables about which something was decided.
    pub tables: BTreeMap<String, TableDecision>,
}

/// Which integer types are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Integers {
    /// As declared, wider where a value needs it.
    #[default]
    Auto,
    /// `bigint` for all.
    Bigint,
    /// As declared; values that do not fit are set aside.
    Declared,
}

/// What becomes of rows whose parent is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Orphans {
    /// Nothing is moved.
    Stop,
    /// They are set aside.
    Quarantine,
    /// They are carried, and the foreign key stays NOT VALID.
    #[default]
    NotValid,
    /// Their references become NULL, and are counted and named.
    Null,
}

/// How uniqueness under NOCASE is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoCase {
    /// By an index over an expression.
    #[default]
    Index,
    /// By the type `citext`.
    Citext,
}

/// What was decided about a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableDecision {
    /// Its name in PostgreSQL.
    pub name: Option<String>,
    /// Whether it is left out.
    pub skip: bool,
    /// The columns about which something was decided.
    pub columns: BTreeMap<String, ColumnDecision>,
}

/// What was decided about a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ColumnWords")]
pub struct ColumnDecision {
    /// The type it must become: one, or the same type in each form its values may have. Empty when that was not
    /// decided.
    pub types: Vec<TargetType>,
    /// Its name in PostgreSQL.
    pub name: Option<String>,
    /// Whether it is left out.
    pub skip: bool,
    /// What is done with values that do not fit.
    pub misfit: Option<Misfit>,
}

/// A column as the file has it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ColumnWords {
    r#type: Option<String>,
    form: Option<String>,
    name: Option<String>,
    skip: bool,
    misfit: Option<MisfitWord>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MisfitWord {
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
                type_words::parse(name).ok_or_else(|| format!("`{name}` is no type that can be chosen"))?
            }
        };
        if let Some(form) = &words.form {
            let name = words.r#type.as_deref().ok_or("a form needs a type")?;
            types.retain(|target| type_words::form(*target) == Some(form.as_str()));
            if types.is_empty() {
                return Err(format!("`{name}` has no form `{form}`"));
            }
        }
        let misfit = words.misfit.map(|word| match word {
            MisfitWord::Reject => Misfit::Reject,
            MisfitWord::Null => Misfit::Null,
            MisfitWord::RemoveNul => Misfit::RemoveNul,
            MisfitWord::Bytes => Misfit::Bytes,
        });
        if misfit == Some(Misfit::Bytes) {
            if types.is_empty() {
                types.push(TargetType::Bytea);
            } else if types != [TargetType::Bytea] {
                return Err("misfit `bytes` needs the type `bytea`".to_owned());
            }
        }
        Ok(Self { types, name: words.name, skip: words.skip, misfit })
    }
}

impl Decisions {
    /// Reads the file's text.
    ///
    /// # Errors
    /// When it is not TOML, or holds what is not known; the error names the line.
    pub fn parse(text: &str) -> Result<Self, DecisionsError> {
        toml::from_str(text).map_err(|source: toml::de::Error| {
            let start = source.span().map_or(0, |span| span.start);
            let before = text.as_bytes().iter().take(start);
            let line = before.filter(|byte| **byte == b'\n').count() + 1;
            DecisionsError::Read { line, source: Box::new(source) }
        })
    }

    /// What was decided about a table.
    #[must_use]
    pub fn table(&self, table: &str) -> Option<&TableDecision> {
        self.tables.get(table)
    }

    /// What was decided about a column.
    #[must_use]
    pub fn column(&self, table: &str, column: &str) -> Option<&ColumnDecision> {
        self.table(table)?.columns.get(column)
    }

    /// The types a column must become one of; empty when that was not decided.
    #[must_use]
    pub fn forced_types(&self, table: &str, column: &str) -> &[TargetType] {
        self.column(table, column).map_or(&[], |decision| &decision.types)
    }
}

#[cfg(test)]
mod tests;
