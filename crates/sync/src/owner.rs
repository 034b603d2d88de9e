//! The row of each side that says who takes writes.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::error::SyncError;
use crate::step::{OwnerState, Ownership, Sides};
use databases::hint::Hint;
use transfer::finding::Finding;
use transfer::target::Target;

/// The row of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// What the side is.
    pub(crate) state: OwnerState,
    /// The identity of the pair: both sides have the same.
    pub(crate) pair_id: String,
}

#[derive(QueryableByName)]
struct OwnerRow {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    epoch: i64,
    #[diesel(sql_type = Text)]
    other_id: String,
}

impl OwnerRow {
    fn into_owner(self, side: &str) -> Result<Owner, SyncError> {
        let ownership = match self.state.as_str() {
            "owner" => Ownership::Owner,
            "sealed" => Ownership::Sealed,
            "standby" => Ownership::Standby,
            "receiving" => Ownership::Receiving,
            "refused" => Ownership::Refused,
            other => {
                return Err(SyncError::Records(format!(
                    "the owner of the {side} has the unknown state `{other}`"
                )));
            }
        };
        let epoch = u64::try_from(self.epoch).map_err(|_error| {
            SyncError::Records(format!("the owner of the {side} has the epoch {}", self.epoch))
        })?;
        Ok(Owner { state: OwnerState::new(ownership, epoch), pair_id: self.other_id })
    }
}

/// The row of the source; capture is attached.
///
/// # Errors
/// When the source fails, or the row cannot be understood.
pub(crate) fn of_source(source: &mut SqliteConnection) -> Result<Owner, SyncError> {
    let row: Option<OwnerRow> = diesel::sql_query("SELECT state, epoch, other_id FROM __backoffice_owner")
        .get_result(source)
        .optional()
        .map_err(|source| SyncError::UseSource { what: "read the owner", source })?;
    let none = || SyncError::Records("the source has a change log and no owner".to_owned());
    row.ok_or_else(none)?.into_owner("source")
}

/// The row of the target; `None` if it has none.
///
/// # Errors
/// When the target fails, or the row cannot be understood.
pub(crate) fn of_target(target: &mut Target) -> Result<Option<Owner>, SyncError> {
    let row: Option<OwnerRow> = target.in_transaction(|target| {
        if !target.has_records()? || !target.has_record_table("owner")? {
            return Ok::<_, diesel::result::Error>(None);
        }
        let query = target.on_records("SELECT state, epoch, other_id FROM {records}owner")?;
        query.get_result(target.postgres()).optional()
    })?;
    row.map(|row| row.into_owner("target")).transpose()
}

/// Records that the target receives under `epoch`, in the current transaction.
///
/// # Errors
/// When the target fails.
pub(crate) fn receive(target: &mut Target, pair_id: &str, epoch: i64) -> QueryResult<()> {
    let query = "INSERT INTO {records}owner (state, epoch, other_id) VALUES ('receiving', $1, $2)";
    let query = target.on_records(query)?.bind::<BigInt, _>(epoch).bind::<Text, _>(pair_id);
    query.execute(target.postgres())?;
    Ok(())
}

/// Deletes the row of the target, in the current transaction.
///
/// # Errors
/// When the target fails.
pub(crate) fn forget(target: &mut Target) -> QueryResult<()> {
    target.on_records("DELETE FROM {records}owner")?.execute(target.postgres())?;
    Ok(())
}

/// Whether the source was attached for this target. The target may not have recorded it yet.
///
/// # Errors
/// When the target has no schema to work in.
pub(crate) fn names_target(of_source: &Owner, target: &Target) -> QueryResult<bool> {
    Ok(of_source.pair_id.ends_with(&format!("@{}", name_of(target)?)))
}

/// The target, as the identity of a pair has it: its URL without the password, and its schema.
///
/// # Errors
/// When it has no schema to work in.
pub(crate) fn name_of(target: &Target) -> QueryResult<String> {
    Ok(format!("{} ({})", target.url(), target.schema()?))
}

/// The error where the source is followed by another target.
pub(crate) fn followed_by_other(of_source: &Owner, hint: Hint) -> SyncError {
    let (_, other) = of_source.pair_id.split_once('@').unwrap_or_default();
    let text = format!("the source is followed by another target, {other}");
    SyncError::Blocked(vec![Finding::blocker(text, hint)])
}

/// The rows of both sides; an error if they are of different pairs.
///
/// # Errors
/// When they do not belong together.
pub(crate) fn sides(of_source: &Owner, of_target: &Owner) -> Result<Sides, SyncError> {
    if of_source.pair_id != of_target.pair_id {
        return Err(SyncError::Records(
            "the source is followed by another target, or this target follows another source".to_owned(),
        ));
    }
    Ok(Sides { sqlite: of_source.state, postgres: of_target.state })
}
