//! The lowest and the highest key of a table, on either side.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::copy::{CopyError, Source, Target};
use crate::table::{Key, Table};

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

/// The lowest and the highest key of both sides together; `None` when there is no row.
pub(super) fn key_bounds(
    table: &dyn Table,
    source: &mut Source,
    target: &mut Target,
) -> Result<Option<(Key, Key)>, CopyError> {
    let mut keys = Vec::with_capacity(4);
    for direction in ["ASC", "DESC"] {
        // The names are the registry's. Not min(): PostgreSQL has none for UUIDs before version 18.
        let query = format!(
            "SELECT CAST(id AS TEXT) AS words FROM \"{}\" ORDER BY id {direction} LIMIT 1",
            table.name()
        );
        let of_source = diesel::sql_query(&query).get_result::<Words>(source.sqlite()).optional();
        let of_target = diesel::sql_query(&query).get_result::<Words>(target.postgres()).optional();
        let what = "read the keys";
        keys.extend(of_source.map_err(|source| CopyError::ReadSource { what, source })?);
        keys.extend(of_target.map_err(|source| CopyError::UseTarget { what, source })?);
    }
    // Any bounds do: what is outside of them is in the first or the last bucket. Only a UUID can be no key.
    let parse = |row: &Words| Key::parse(&row.words).unwrap_or(Key::Uuid(uuid::Uuid::max()));
    let keys = keys.iter().map(parse);
    let bounds = keys.fold(None, |bounds: Option<(Key, Key)>, key| match bounds {
        None => Some((key, key)),
        Some((lowest, highest)) => Some((lowest.min(key), highest.max(key))),
    });
    Ok(bounds)
}
