//! Creating the tables of a database that is not the application's.

use diesel::connection::SimpleConnection as _;
use diesel::result::Error;

use super::write::reason;
use crate::error::TransferError;
use crate::plan::Make;
use crate::target::Target;
use crate::target::state::{Definition, Part, Reject, SkippedObject};
use databases::failure::Failure;
use databases::sqlstate::{is_of_server, sqlstate};

/// Creates the objects in their order, and the program's own tables, in the current transaction. An optional object that
/// PostgreSQL refuses is skipped, and recorded.
pub(super) fn make(target: &mut Target, statements: &[Make], anew: &[String]) -> Result<(), TransferError> {
    let failed = |source| TransferError::UseTarget { what: "create the tables", source };
    drop_tables(target, anew).map_err(failed)?;
    let mut skipped = Vec::new();
    let mut sees_extensions = false;
    for statement in statements {
        // The types of an extension are in the schema in which it was created.
        if statement.kind == "table" && !sees_extensions {
            sees_extensions = true;
            target.search_extensions_too().map_err(failed)?;
        }
        // CREATE SCHEMA IF NOT EXISTS needs the privilege even where the schema exists.
        if statement.kind == "schema" && target.has_schema(&statement.name).map_err(failed)? {
            continue;
        }
        // A savepoint: a refused statement must not roll back the others.
        let made = target.in_transaction(|target| target.postgres().batch_execute(&statement.sql));
        match made.map_err(|error| target.diagnose(error)) {
            Ok(()) => {}
            Err(error) if !statement.is_needed && is_refusal(&error) => skipped.push(SkippedObject {
                table_name: statement.table.clone(),
                kind: statement.kind.to_owned(),
                name: statement.name.clone(),
                reason: reason(&error),
            }),
            Err(source) => {
                return Err(TransferError::Make {
                    kind: statement.kind,
                    name: statement.name.clone(),
                    source,
                });
            }
        }
    }
    target.restore_search_path().map_err(failed)?;
    target.prepare_records().map_err(failed)?;
    // Records of an earlier run on objects of these names are obsolete.
    for statement in statements {
        SkippedObject::forget_table(target, &statement.table).map_err(failed)?;
        if statement.kind == "table" {
            Definition::forget_table(target, &statement.table).map_err(failed)?;
        }
    }
    skipped.iter().try_for_each(|object| object.save(target)).map_err(failed)
}

/// Drops the tables, with the objects that depend on them, and their records.
fn drop_tables(target: &mut Target, tables: &[String]) -> Result<(), Error> {
    for table in tables {
        let name = target.full_name(table);
        target.postgres().batch_execute(&format!("DROP TABLE IF EXISTS {name} CASCADE"))?;
        Part::forget(target, table)?;
        Reject::forget_table(target, table)?;
    }
    Ok(())
}

/// Whether the server refuses the statement itself, so that the others can go on. An error whose SQLSTATE the server does
/// not report is no refusal.
pub(super) fn is_refusal(error: &Error) -> bool {
    Failure::of_query(error).is_refusal() && sqlstate(error).is_some_and(|state| !is_of_server(state))
}
