//! The lowest and the highest key of a table, on either side.

use diesel::prelude::*;

use crate::error::TransferError;
use crate::rows::TextRow;
use crate::source::Source;
use crate::table::{Key, SourceSql, Table};
use crate::target::Target;
use databases::name::quote_name;

/// The lowest and the highest key of both sides together; `None` when there is no row. Where no column of the target
/// holds the key, all that there can be.
pub(super) fn key_bounds(
    table: &dyn Table,
    source: &mut Source,
    target: &mut Target,
) -> Result<Option<(Key, Key)>, TransferError> {
    let mut keys = Vec::with_capacity(4);
    let Some(column) = table.key_column() else {
        return Ok(Some((Key::Integer(i64::MIN), Key::Integer(i64::MAX))));
    };
    let SourceSql { from, key, .. } = table.source_sql();
    for direction in ["ASC", "DESC"] {
        // Not min(): PostgreSQL has none for UUIDs before version 18.
        let query = |key: &str, from: &str| {
            diesel::sql_query(format!(
                "SELECT CAST({key} AS TEXT) AS words FROM {from} ORDER BY {key} {direction} LIMIT 1"
            ))
        };
        let of_source = query(&key, &from).get_result::<TextRow>(source.sqlite()).optional();
        let (key, from) = (quote_name(column), target.full_name(table.name()));
        let of_target = query(&key, &from).get_result::<TextRow>(target.postgres()).optional();
        let what = "read the keys";
        keys.extend(of_source.map_err(|source| TransferError::ReadSource { what, source })?);
        keys.extend(of_target.map_err(|source| TransferError::UseTarget { what, source })?);
    }
    // Any bounds do: what is outside of them is in the first or the last bucket. Only a UUID can be no key.
    let parse = |row: &TextRow| Key::parse(&row.words).unwrap_or(Key::Uuid(uuid::Uuid::max()));
    let keys = keys.iter().map(parse);
    let bounds = keys.fold(None, |bounds: Option<(Key, Key)>, key| match bounds {
        None => Some((key, key)),
        Some((lowest, highest)) => Some((lowest.min(key), highest.max(key))),
    });
    Ok(bounds)
}
