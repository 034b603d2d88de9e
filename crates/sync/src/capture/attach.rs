//! Adds capture to a file, and removes it.

use databases::name::quote_name;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::captured::Capture;
use super::error::{CaptureError, doing};
use super::plan::CapturePlan;
use super::{OWNER, objects, record};

/// The one row of `__backoffice_owner`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerRow {
    /// The state of this side.
    pub state: String,
    /// Its epoch.
    pub epoch: i64,
    /// The identity of the other side.
    pub other_id: Option<String>,
    /// The cutover that wrote the state.
    pub cutover_id: Option<String>,
    /// When it was written.
    pub at: String,
    /// The position that belongs to the state.
    pub position: Option<String>,
}

/// Executes the plan in one transaction: all or nothing.
///
/// # Errors
/// When the plan has blockers, the schema was changed since, or the database fails.
pub fn attach(
    connection: &mut SqliteConnection,
    plan: &CapturePlan,
    owner: &OwnerRow,
) -> Result<Capture, CaptureError> {
    if let Some(first) = plan.blockers.first() {
        return Err(CaptureError::Blocked { count: plan.blockers.len(), first: first.clone() });
    }
    connection.immediate_transaction(|connection| {
        if objects::read(connection)? != plan.objects {
            return Err(CaptureError::SchemaChanged);
        }
        execute(connection, &plan.statements)?;
        insert_owner(connection, owner)?;
        record::write(connection, &plan.tables)?;
        record::load(connection)?.ok_or(CaptureError::NotAttached)
    })
}

/// Removes everything that capture added, in one transaction. The rest of the schema is then as it was before. Returns
/// the number of removed objects.
///
/// # Errors
/// When the database fails.
pub fn detach(connection: &mut SqliteConnection) -> Result<usize, CaptureError> {
    connection.immediate_transaction(|connection| {
        let own: Vec<_> = objects::read(connection)?.into_iter().filter(|object| object.is_own()).collect();
        for kind in ["trigger", "table"] {
            for object in own.iter().filter(|object| object.kind == kind) {
                let statement = format!("DROP {kind} main.{}", quote_name(&object.name));
                execute(connection, &[statement])?;
            }
        }
        Ok(own.len())
    })
}

/// Executes statements that create or drop an object.
pub(super) fn execute(connection: &mut SqliteConnection, statements: &[String]) -> Result<(), CaptureError> {
    for statement in statements {
        let short: String = statement.chars().take(100).collect();
        connection.batch_execute(statement).map_err(doing(format!("execute `{short}`")))?;
    }
    Ok(())
}

fn insert_owner(connection: &mut SqliteConnection, owner: &OwnerRow) -> Result<(), CaptureError> {
    diesel::sql_query(format!("INSERT INTO main.{OWNER} VALUES (?, ?, ?, ?, ?, ?)"))
        .bind::<Text, _>(&owner.state)
        .bind::<BigInt, _>(owner.epoch)
        .bind::<Nullable<Text>, _>(&owner.other_id)
        .bind::<Nullable<Text>, _>(&owner.cutover_id)
        .bind::<Text, _>(&owner.at)
        .bind::<Nullable<Text>, _>(&owner.position)
        .execute(connection)
        .map_err(doing(format!("insert the row of `{OWNER}`")))?;
    Ok(())
}
