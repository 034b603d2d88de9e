//! Dispatches statements by kind: queries and changes are translated, any other kind is an error with the PostgreSQL
//! alternative.

use sqlite3_parser::ast::{Cmd, Name, QualifiedName, Stmt};

use super::options::AdaptOptions;
use super::{insert, write};
use crate::translate::{Query, Untranslatable, column_type, is_by_bytes, open_name, select, unquoted};
use crate::types::TargetType;

/// A statement in PostgreSQL's SQL.
pub(super) struct Translated {
    pub(super) sql: String,
    pub(super) results: StatementResults,
}

/// What a statement returns and changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementResults {
    /// The columns that it returns, with their types and the formats of their values in SQLite, as far as they are known.
    pub columns: Vec<Option<TargetType>>,
    /// Whether ORDER BY defines the order of the rows.
    pub is_ordered: bool,
    /// The table that it changes, by its name in the source.
    pub changed: Option<String>,
    /// The column for which it lets the database generate a value, by its name in the source.
    pub generated: Option<String>,
    /// Whether it controls a transaction.
    pub is_control: bool,
    /// Whether it adds up numbers with a fraction: the last digits depend on the order.
    pub is_approximate: bool,
    /// Whether a value of it is random.
    pub is_random: bool,
}

/// Translates a statement.
pub(super) fn translated(
    query: &Query<'_>,
    options: &AdaptOptions<'_>,
    command: &Cmd,
) -> Result<Translated, Untranslatable> {
    let refused = |what: &str, instead: &'static str| Err(Untranslatable::construct(what, instead));
    let control = |sql: String| {
        let results = StatementResults { is_control: true, ..StatementResults::default() };
        Ok(Translated { sql, results })
    };
    let changed = |table: &QualifiedName, (sql, columns)| -> Result<Translated, Untranslatable> {
        let changed = Some(unquoted(&table.name.0));
        let results = StatementResults { columns, changed, ..StatementResults::default() };
        Ok(Translated { sql, results })
    };
    let statement = match command {
        Cmd::Stmt(statement) => statement,
        Cmd::Explain(_) | Cmd::ExplainQueryPlan(_) => {
            return refused("EXPLAIN", "translate the statement alone and prepend EXPLAIN");
        }
    };
    let name = |name: &Name| open_name(&unquoted(&name.0));
    match statement {
        Stmt::Select(inner) => {
            let selected = select(query, inner, &[], None, 0)?;
            let columns = selected.columns.iter().map(|(_, typed)| column_type(typed)).collect();
            let order = inner.order_by.as_deref().unwrap_or_default();
            // Rows of a compound query that ORDER BY does not tell apart have any order, which SQLite does not change.
            let is_total = order.len() >= selected.columns.len()
                && selected.columns.iter().all(|(_, typed)| is_by_bytes(typed));
            let results = StatementResults {
                columns,
                is_ordered: !order.is_empty() && (inner.body.compounds.is_none() || is_total),
                ..StatementResults::default()
            };
            Ok(Translated { sql: selected.sql, results })
        }
        Stmt::Insert { with, or_conflict, tbl_name, columns, body, returning } => {
            let inserted = insert::Insert {
                or_conflict: *or_conflict,
                table: tbl_name,
                columns: columns.as_ref(),
                body,
                returning: returning.as_deref(),
            };
            let (with, commons) = write::with(query, with.as_ref())?;
            let inserted = insert::insert(query, options, &with, commons, &inserted)?;
            let mut translated = changed(tbl_name, (inserted.sql, inserted.returned))?;
            translated.results.generated = inserted.generated;
            Ok(translated)
        }
        Stmt::Update {
            with,
            or_conflict,
            tbl_name,
            sets,
            from,
            where_clause,
            returning,
            order_by,
            limit,
            ..
        } => {
            write::unlimited("UPDATE", *or_conflict, order_by.is_some() || limit.is_some())?;
            let (with, commons) = write::with(query, with.as_ref())?;
            let (condition, returned) = (where_clause.as_ref(), returning.as_deref());
            let (sql, columns) =
                write::update(query, commons, tbl_name, sets, from.as_ref(), condition, returned)?;
            changed(tbl_name, (with + &sql, columns))
        }
        Stmt::Delete { with, tbl_name, where_clause, returning, order_by, limit, .. } => {
            write::unlimited("DELETE", None, order_by.is_some() || limit.is_some())?;
            let (with, commons) = write::with(query, with.as_ref())?;
            let (condition, returned) = (where_clause.as_ref(), returning.as_deref());
            let (sql, columns) = write::delete(query, commons, tbl_name, condition, returned)?;
            changed(tbl_name, (with + &sql, columns))
        }
        // The transaction modes of SQLite control when it locks the file.
        Stmt::Begin(..) => control("BEGIN".to_owned()),
        Stmt::Commit(_) => control("COMMIT".to_owned()),
        Stmt::Rollback { savepoint_name: None, .. } => control("ROLLBACK".to_owned()),
        Stmt::Rollback { savepoint_name: Some(savepoint), .. } => {
            control(format!("ROLLBACK TO {}", name(savepoint)))
        }
        Stmt::Savepoint(savepoint) => control(format!("SAVEPOINT {}", name(savepoint))),
        Stmt::Release(savepoint) => control(format!("RELEASE {}", name(savepoint))),
        Stmt::Pragma(pragma, _) => refused(
            &format!("PRAGMA {}", crate::translate::shortened(&unquoted(&pragma.name.0))),
            "it configures or queries SQLite itself; use SET, SHOW or information_schema in PostgreSQL",
        ),
        Stmt::Attach { .. } | Stmt::Detach(_) => refused(
            "ATTACH and DETACH",
            "use a schema in PostgreSQL, or a foreign data wrapper for another database",
        ),
        Stmt::Vacuum(..) => refused(
            "VACUUM",
            "autovacuum does this in PostgreSQL; run PostgreSQL's VACUUM manually if needed",
        ),
        Stmt::Analyze(_) => refused(
            "ANALYZE",
            "autovacuum does this in PostgreSQL; run PostgreSQL's ANALYZE manually if needed",
        ),
        Stmt::Reindex { .. } => refused("REINDEX", "run PostgreSQL's REINDEX manually"),
        Stmt::CreateTable { .. }
        | Stmt::CreateIndex { .. }
        | Stmt::CreateView { .. }
        | Stmt::AlterTable(..)
        | Stmt::DropTable { .. }
        | Stmt::DropIndex { .. }
        | Stmt::DropView { .. } => refused(
            "a statement that changes the schema",
            "convert the whole database instead: AUTOINCREMENT becomes an identity column",
        ),
        Stmt::CreateTrigger { .. } | Stmt::DropTrigger { .. } => refused(
            "CREATE TRIGGER and DROP TRIGGER",
            "a PostgreSQL trigger calls a function, which must be written manually",
        ),
        Stmt::CreateVirtualTable { .. } => {
            refused("CREATE VIRTUAL TABLE", "use a PostgreSQL extension or index instead of the module")
        }
    }
}
