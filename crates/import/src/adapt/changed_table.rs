//! The table that INSERT, UPDATE or DELETE changes, and the values that are assigned to its columns.

use sqlite3_parser::ast::{Expr, Literal, QualifiedName};

use crate::translate::{
    FromItem, QueryNames, SourceColumn, Translator, Untranslatable, column_expression, open_name, placed,
    quote_name, unquoted,
};
use crate::types::TargetType;

/// The changed table.
pub(super) struct ChangedTable {
    pub(super) sql: String,
    /// The name that qualifies its columns.
    pub(super) alias: String,
    /// Its columns by source name, with target name and type; `None` if they are not known.
    pub(super) columns: Option<Vec<(String, String, TargetType)>>,
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
            names.sources.push(FromItem { alias: alias.clone(), columns: None });
            return Ok(Self { sql, alias, columns: None });
        };
        let relation = relations.relation(&name).ok_or_else(|| Untranslatable::unknown_table(&name))?;
        let alias = given.unwrap_or(name);
        let sql = format!(
            "{}.{} AS {}",
            quote_name(relations.schema()),
            quote_name(&relation.target),
            quote_name(&alias)
        );
        let prefix = format!("{}.", quote_name(&alias));
        let source = |prefix: &str, alias: &str| FromItem {
            alias: alias.to_owned(),
            columns: Some(
                relation
                    .columns
                    .iter()
                    .map(|column| SourceColumn {
                        name: column.source.clone(),
                        typed: column_expression(
                            prefix,
                            &column.target,
                            column.target_type,
                            column.collation,
                            column.affinity,
                        ),
                        // An unqualified column is that of the table, never that of `excluded`.
                        is_joined: alias == "excluded",
                    })
                    .collect(),
            ),
        };
        names.sources.push(source(&prefix, &alias));
        names.sources.push(source("excluded.", "excluded"));
        let columns = relation.columns.iter();
        let columns =
            columns.map(|column| (column.source.clone(), column.target.clone(), column.target_type));
        Ok(Self { sql, alias, columns: Some(columns.collect()) })
    }

    /// The name of a column in SQL, and its type if known.
    pub(super) fn column(&self, name: &str) -> Result<(String, Option<TargetType>), Untranslatable> {
        let Some(columns) = &self.columns else { return Ok((open_name(name), None)) };
        let found = columns.iter().find(|(source, ..)| source.eq_ignore_ascii_case(name));
        let (_, target, target_type) = found.ok_or_else(|| Untranslatable::unknown_column(name))?;
        Ok((quote_name(target), Some(*target_type)))
    }
}

/// A value as it is assigned to a column.
pub(super) fn value(
    translator: &Translator<'_>,
    expression: &Expr,
    target: Option<TargetType>,
) -> Result<String, Untranslatable> {
    let typed = translator.translate(expression)?;
    match (target, &expression) {
        (Some(target), _) => placed(&typed, target),
        // The type of a decimal is that of the column, if the column's type is not known.
        (None, Expr::Literal(Literal::Numeric(digits))) if digits.parse::<f64>().is_ok() => {
            Ok(digits.to_string())
        }
        (None, _) => Ok(typed.sql),
    }
}
