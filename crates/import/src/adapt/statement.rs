//! Dispatches statements by kind: queries and changes are translated, any other kind is an error with the PostgreSQL
//! alternative.

use sqlite3_parser::ast::{Cmd, Name, Stmt};

use super::options::AdaptOptions;
use super::{insert, write};
use crate::translate::{Query, Untranslatable, open_name, select, unquoted};

/// A statement in PostgreSQL's SQL.
pub(super) fn translated(
    query: &Query<'_>,
    options: &AdaptOptions<'_>,
    command: &Cmd,
) -> Result<String, Untranslatable> {
    let refused = |what: &str, instead: &'static str| Err(Untranslatable::construct(what, instead));
    let statement = match command {
        Cmd::Stmt(statement) => statement,
        Cmd::Explain(_) | Cmd::ExplainQueryPlan(_) => {
            return refused("EXPLAIN", "translate the statement alone and prepend EXPLAIN");
        }
    };
    let name = |name: &Name| open_name(&unquoted(&name.0));
    match statement {
        Stmt::Select(inner) => Ok(select(query, inner, &[], None, 0)?.sql),
        Stmt::Insert { with, or_conflict, tbl_name, columns, body, returning } => {
            let inserted = insert::Insert {
                or_conflict: *or_conflict,
                table: tbl_name,
                columns: columns.as_ref(),
                body,
                returning: returning.as_deref(),
            };
            let (with, commons) = write::with(query, with.as_ref())?;
            insert::insert(query, options, &with, commons, &inserted)
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
            Ok(with + &write::update(query, commons, tbl_name, sets, from.as_ref(), condition, returned)?)
        }
        Stmt::Delete { with, tbl_name, where_clause, returning, order_by, limit, .. } => {
            write::unlimited("DELETE", None, order_by.is_some() || limit.is_some())?;
            let (with, commons) = write::with(query, with.as_ref())?;
            let (condition, returned) = (where_clause.as_ref(), returning.as_deref());
            Ok(with + &write::delete(query, commons, tbl_name, condition, returned)?)
        }
        // The transaction modes of SQLite control when it locks the file.
        Stmt::Begin(..) => Ok("BEGIN".to_owned()),
        Stmt::Commit(_) => Ok("COMMIT".to_owned()),
        Stmt::Rollback { savepoint_name: None, .. } => Ok("ROLLBACK".to_owned()),
        Stmt::Rollback { savepoint_name: Some(savepoint), .. } => {
            Ok(format!("ROLLBACK TO {}", name(savepoint)))
        }
        Stmt::Savepoint(savepoint) => Ok(format!("SAVEPOINT {}", name(savepoint))),
        Stmt::Release(savepoint) => Ok(format!("RELEASE {}", name(savepoint))),
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
