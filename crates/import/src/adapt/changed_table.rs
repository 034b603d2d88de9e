//! The table that INSERT, UPDATE or DELETE changes, and the values that are assigned to its columns.

use sqlite3_parser::ast::{Expr, Literal, QualifiedName};

use crate::translate::{
    FromItem, QueryNames, Relation, RelationColumn, SourceColumn, TableFacts, Translator, Untranslatable,
    open_name, placed, quote_name, unquoted,
};
use crate::types::TargetType;

/// The changed table.
pub(super) struct ChangedTable {
    pub(super) sql: String,
    /// The name that qualifies its columns.
    pub(super) alias: String,
    /// What it is, if it is known.
    pub(super) known: Option<Relation>,
}

impl ChangedTable {
    /// Reads the table and adds its columns to the known names.
    pub(super) fn new(names: &mut QueryNames<'_>, table: &QualifiedName) -> Result<Self, Untranslatable> {
        let name = unquoted(&table.name.0);
        let in_main =
            table.db_name.as_ref().is_none_or(|database| unquoted(&database.0).eq_ignore_ascii_case("main"));
        let lower = name.to_ascii_lowercase();
        if !in_main || lower.starts_with("sqlite_") || lower.starts_with("pragma_") {
            return Err(Untranslatable::unknown_table(&name));
        }
        let given = table.alias.as_ref().map(|alias| unquoted(&alias.0));
        let Some(relations) = names.query.relations else {
            let sql = match &given {
                Some(alias) => format!("{} AS {}", open_name(&name), open_name(alias)),
                None => open_name(&name),
            };
            let alias = given.unwrap_or(name);
            names.sources.push(FromItem::without_keys(alias.clone(), None));
            return Ok(Self { sql, alias, known: None });
        };
        let relation = relations.relation(&name).ok_or_else(|| Untranslatable::unknown_table(&name))?;
        let Some(facts) = &relation.facts else {
            return Err(Untranslatable::construct(
                format!("a change of `{}`", crate::translate::shortened(&name)),
                "it is a view, which SQLite changes only by triggers",
            ));
        };
        let (event, rowid) = (facts.triggers.first(), facts.rowid.clone());
        if let Some(trigger) = event {
            names.query.notes.add(format!(
                "the trigger `{}` of `{}` is not in PostgreSQL, unless it was written for it",
                crate::translate::shortened(trigger),
                crate::translate::shortened(&name)
            ));
        }
        let alias = given.unwrap_or(name);
        let sql = format!(
            "{}.{} AS {}",
            quote_name(relations.schema()),
            quote_name(&relation.target),
            quote_name(&alias)
        );
        let source = |prefix: &str, alias: &str| FromItem {
            alias: alias.to_owned(),
            columns: Some(
                relation
                    .columns
                    .iter()
                    .map(|column| SourceColumn {
                        name: column.source.clone(),
                        typed: column.expression(prefix),
                        // An unqualified column is that of the table, never that of `excluded`.
                        is_joined: alias == "excluded",
                        merged: None,
                    })
                    .collect(),
            ),
            rowid: rowid.clone(),
            key: Vec::new(),
            unique: Vec::new(),
            is_partial: relation.is_partial,
        };
        names.sources.push(source(&format!("{}.", quote_name(&alias)), &alias));
        names.sources.push(source("excluded.", "excluded"));
        Ok(Self { sql, alias, known: Some(relation) })
    }

    /// Its columns, if they are known.
    pub(super) fn columns(&self) -> Option<&[RelationColumn]> {
        self.known.as_ref().map(|relation| relation.columns.as_slice())
    }

    /// Its keys and constraints, if they are known.
    pub(super) fn facts(&self) -> Option<&TableFacts> {
        self.known.as_ref().and_then(|relation| relation.facts.as_ref())
    }

    /// The name of a column in SQL, and what is known of it.
    pub(super) fn column(&self, name: &str) -> Result<(String, Option<&RelationColumn>), Untranslatable> {
        let Some(columns) = self.columns() else { return Ok((open_name(name), None)) };
        let is_rowid = ["rowid", "_rowid_", "oid"].iter().any(|rowid| name.eq_ignore_ascii_case(rowid));
        let named = |name: &str| columns.iter().find(|column| column.source.eq_ignore_ascii_case(name));
        let rowid = || self.facts().and_then(|facts| facts.rowid.as_deref()).filter(|_| is_rowid);
        let found = named(name).or_else(|| rowid().and_then(named));
        let column = found.ok_or_else(|| Untranslatable::unknown_column(name))?;
        Ok((quote_name(&column.target), Some(column)))
    }

    /// Whether a column is the rowid, for which NULL means a new one.
    pub(super) fn is_rowid(&self, column: &RelationColumn) -> bool {
        self.facts().and_then(|facts| facts.rowid.as_deref()).is_some_and(|rowid| rowid == column.source)
    }
}

/// A value as it is assigned to a column.
pub(super) fn value(
    translator: &Translator<'_>,
    expression: &Expr,
    column: Option<&RelationColumn>,
) -> Result<String, Untranslatable> {
    let typed = translator.translate(expression)?;
    match (column, &expression) {
        (Some(column), _) => {
            translator.note_placeholder(&typed, column.expression("").family);
            if let (true, TargetType::Numeric { scale, .. }) = (typed.is_parameter(), column.target_type) {
                let text = format!(
                    "{} is rounded to {scale} decimals, and is stored unchanged in SQLite",
                    typed.sql
                );
                translator.note(&text);
            }
            placed(&typed, column.target_type)
        }
        // The type of a decimal is that of the column, if the column's type is not known.
        (None, Expr::Literal(Literal::Numeric(digits))) if digits.parse::<f64>().is_ok() => {
            Ok(digits.to_string())
        }
        (None, _) => Ok(typed.sql),
    }
}
