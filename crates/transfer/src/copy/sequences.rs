//! Sequences: new keys go on after the highest that was ever given out, on either side.

use diesel::QueryResult;
use serde::Serialize;

use super::error::CopyError;
use super::source::Source;
use super::target::Target;
use crate::table::Table;

/// Where the keys of one table stand.
#[derive(Clone, Debug, Serialize)]
pub struct SequenceState {
    /// The table.
    pub table: &'static str,
    /// The column.
    #[serde(skip)]
    pub column: &'static str,
    /// The highest key given out: by the source, or present in the target.
    pub needed: i64,
    /// The highest key the target's sequence has given out.
    pub last: Option<i64>,
}

impl SequenceState {
    /// Whether the next key would be one that was given out before.
    pub fn is_behind(&self) -> bool {
        self.needed > 0 && self.last.is_none_or(|last| last < self.needed)
    }
}

/// Reads the sequences of `tables`; those whose keys come from no sequence are left out.
///
/// # Errors
/// When either side cannot be read.
pub fn sequence_states(
    source: &mut Source,
    target: &mut Target,
    tables: &[&'static dyn Table],
) -> Result<Vec<SequenceState>, CopyError> {
    let mut states = Vec::new();
    for table in tables {
        let of_target: QueryResult<_> = (|| {
            let Some(key) = table.key_column() else { return Ok(None) };
            let Some(sequence) = target.sequence(table.name(), key)? else { return Ok(None) };
            Ok(Some((key, sequence, target.max_key(table.name(), key)?)))
        })();
        let of_target =
            of_target.map_err(|source| CopyError::UseTarget { what: "read the sequences", source })?;
        let Some((column, sequence, max)) = of_target else { continue };
        let given = source
            .highest_key(&table.source_sql().name)
            .map_err(|source| CopyError::ReadSource { what: "read the highest key", source })?;
        // One that cannot go so far gives out no further key, which is as it must be.
        let needed = given.max(max).unwrap_or(0).min(sequence.highest);
        states.push(SequenceState { table: table.name(), column, needed, last: sequence.last });
    }
    Ok(states)
}

/// Moves the sequences that are behind; how many those were.
///
/// # Errors
/// When either side fails.
pub fn continue_sequences(
    source: &mut Source,
    target: &mut Target,
    tables: &[&'static dyn Table],
) -> Result<usize, CopyError> {
    let behind: Vec<_> =
        sequence_states(source, target, tables)?.into_iter().filter(SequenceState::is_behind).collect();
    for state in &behind {
        target
            .set_sequence(state.table, state.column, state.needed)
            .map_err(|source| CopyError::UseTarget { what: "continue a sequence", source })?;
    }
    Ok(behind.len())
}
