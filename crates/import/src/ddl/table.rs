//! CREATE TABLE: columns with types, defaults, identity and generation expressions.

use std::cell::Cell;

use sqlite3_parser::ast::{Expr, Literal};

use super::identity;
use super::naming::Naming;
use super::part::{ConvertedColumn, ConvertedTable};
use super::type_name::type_name;
use super::writer::Writer;
use crate::conversion::{StatementKind, TableConversion};
use crate::rules::ddl as rules;
use crate::schema::{Affinity, Generated, SqliteTable};
use crate::translate::{
    Collation, ExpressionPurpose, Scope, TableScope, TranslatedDefault, Untranslatable, Withheld,
    default_value, expression,
};
use crate::types::TargetType;

/// The generation expression of a column in PostgreSQL. A conversion may set `is_generated` only for columns that
/// have one, with the flags of all others set: a generated column cannot refer to another one.
///
/// # Errors
/// The part of the expression that cannot be translated.
pub fn generated_expression(
    table: &SqliteTable,
    conversion: &TableConversion,
    generated: &Generated,
    target_type: TargetType,
) -> Result<String, Untranslatable> {
    let scope = OrdinaryColumns {
        all: TableScope::new(table, conversion),
        conversion,
        found: Cell::new(RequestedColumns::Nothing),
    };
    let translated = expression(&generated.expression, &scope, ExpressionPurpose::Generated(target_type));
    let refused = |what: &str, why| Err(Untranslatable::Construct { what: what.to_owned(), why });
    match scope.found.get() {
        RequestedColumns::Generated => {
            refused("a generated column", "in PostgreSQL, a generated column cannot refer to another one")
        }
        // `upper('x' COLLATE "C")` is rejected in a generated column only: PostgreSQL determines no collation without
        // a column.
        RequestedColumns::Nothing if translated.is_ok() => {
            refused("an expression without a column", "PostgreSQL rejects some of them in a generated column")
        }
        RequestedColumns::Nothing | RequestedColumns::Ordinary => translated,
    }
}

/// The columns of a table that are not generated in PostgreSQL.
struct OrdinaryColumns<'a> {
    all: TableScope<'a>,
    conversion: &'a TableConversion,
    found: Cell<RequestedColumns>,
}

/// The requested columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RequestedColumns {
    Nothing,
    Ordinary,
    /// A requested column that is generated in PostgreSQL.
    Generated,
}

impl Scope for OrdinaryColumns<'_> {
    fn column(&self, table: Option<&str>, name: &str) -> Option<(String, TargetType, Collation)> {
        let mut columns = self.conversion.columns.iter().filter(|column| column.is_generated);
        if columns.any(|column| column.source.eq_ignore_ascii_case(name)) {
            self.found.set(RequestedColumns::Generated);
            return None;
        }
        if self.found.get() == RequestedColumns::Nothing {
            self.found.set(RequestedColumns::Ordinary);
        }
        self.all.column(table, name)
    }

    fn affinity(&self, table: Option<&str>, name: &str) -> Option<Affinity> {
        self.all.affinity(table, name)
    }

    fn withheld(&self, table: Option<&str>, name: &str) -> Option<Withheld> {
        self.all.withheld(table, name)
    }
}

/// Writes the table.
pub(super) fn write(writer: &mut Writer<'_>, part: &ConvertedTable<'_>, naming: &mut Naming) {
    let columns: Vec<String> =
        part.columns.iter().map(|column| format!("    {}", define(writer, part, column, naming))).collect();
    let body = if columns.is_empty() { "()".to_owned() } else { format!("(\n{}\n)", columns.join(",\n")) };
    let sql = format!("CREATE TABLE {} {body}", writer.qualified(part.target()));
    writer.statement(StatementKind::Table, part.target(), part.target(), sql);
}

fn define(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    column: &ConvertedColumn<'_>,
    naming: &mut Naming,
) -> String {
    let mut definition = format!("{} {}", column.quoted(), type_name(column.target.target_type));
    if column.target.target_type == TargetType::Citext {
        writer.add_finding(&rules::KEY_CITEXT, part, Some(&column.source.name), "The column becomes citext");
    }
    if let Some(generated) = &column.source.generated {
        definition.extend(computed(writer, part, column, generated));
    } else if let Some(next) = column.target.identity {
        definition.extend(identity::clause(writer, part, column, next, naming));
    } else if let Some(default) = &column.source.default {
        definition.extend(default_clause(writer, part, column, default));
    }
    if column.target.not_null {
        definition.push_str(" NOT NULL");
    }
    definition
}

fn computed(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    column: &ConvertedColumn<'_>,
    generated: &Generated,
) -> Option<String> {
    let name = Some(column.source.name.as_str());
    match generated_expression(part.table, &part.conversion, generated, column.target.target_type) {
        Ok(sql) if column.target.is_generated => {
            if !generated.is_stored {
                writer.add_finding(
                    &rules::GENERATED_STORED,
                    part,
                    name,
                    "The column is VIRTUAL in the source",
                );
            }
            Some(format!(" GENERATED ALWAYS AS ({sql}) STORED"))
        }
        Ok(_) => {
            writer.add_finding(
                &rules::GENERATED_NOT_CARRIED,
                part,
                name,
                "The values of the source are copied",
            );
            None
        }
        Err(reason) => {
            writer.add_finding(&rules::GENERATED_NOT_CARRIED, part, name, reason.to_string());
            None
        }
    }
}

fn default_clause(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'_>,
    column: &ConvertedColumn<'_>,
    default: &Expr,
) -> Option<String> {
    if matches!(default, Expr::Literal(Literal::Null)) {
        return None;
    }
    let scope = TableScope::new(part.table, &part.conversion);
    let name = Some(column.source.name.as_str());
    match default_value(default, &scope, column.target.target_type, column.source.affinity) {
        Ok(TranslatedDefault { sql, is_other_form }) => {
            if is_other_form {
                let text = "The default has another form than the values of the column";
                writer.add_finding(&rules::DEFAULT_OTHER_FORM, part, name, text);
            }
            let is_whole = is_one_word(&sql);
            Some(if is_whole { format!(" DEFAULT {sql}") } else { format!(" DEFAULT ({sql})") })
        }
        Err(reason) => {
            let filled = match column.target.not_null {
                true => "; the column is NOT NULL, so every INSERT must supply a value for it",
                false => "",
            };
            writer.add_finding(&rules::DEFAULT_NOT_CARRIED, part, name, format!("{reason}{filled}"));
            None
        }
    }
}

/// Whether an expression has no space outside of quotes. DEFAULT may need parentheses around any other (PostgreSQL's
/// grammar, `b_expr`).
fn is_one_word(sql: &str) -> bool {
    // Every second piece is quoted, also with doubled quotes.
    sql.split('\'').step_by(2).all(|outside| !outside.contains(char::is_whitespace))
}
