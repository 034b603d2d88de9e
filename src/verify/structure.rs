//! What holds rows together in the target: foreign keys, indexes, checks.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Orphans;
use crate::copy::{CopyError, Target, expected_catalog};
use crate::db::catalog;
use crate::table::Table;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Rows of `tables` that refer to rows that do not exist, counted for each foreign key of the target.
///
/// PostgreSQL keeps this itself, unless somebody switched its triggers off (`session_replication_role`).
pub(super) fn orphans(target: &mut Target, tables: &[&'static dyn Table]) -> Result<Vec<Orphans>, CopyError> {
    let expected = expected_catalog()?;
    let mut orphans = Vec::new();
    for table in tables {
        let name = table.name();
        let Some(shape) = expected.tables.get(name) else {
            continue;
        };
        for key in &shape.foreign_keys {
            let pairs: Vec<_> = key.columns.iter().zip(&key.parent_columns).collect();
            let joined: Vec<_> = pairs.iter().map(|(own, of)| format!("p.\"{of}\" = c.\"{own}\"")).collect();
            let given: Vec<_> = pairs.iter().map(|(own, _)| format!("c.\"{own}\" IS NOT NULL")).collect();
            // The names come from this program's own migrations.
            let query = format!(
                "SELECT count(*) AS count FROM \"{name}\" c WHERE {} AND NOT EXISTS \
                 (SELECT FROM \"{}\" p WHERE {})",
                given.join(" AND "),
                key.parent_table,
                joined.join(" AND ")
            );
            let found: Count = diesel::sql_query(query)
                .get_result(target.postgres())
                .map_err(|source| CopyError::UseTarget { what: "check the foreign keys", source })?;
            if found.count > 0 {
                orphans.push(Orphans {
                    table: name.to_owned(),
                    columns: key.columns.join(", "),
                    parent: key.parent_table.clone(),
                    row_count: found.count,
                });
            }
        }
    }
    Ok(orphans)
}

/// Where the target's catalog is not what this program's migrations make.
pub(super) fn differences(target: &mut Target) -> Result<Vec<String>, CopyError> {
    let expected = expected_catalog()?;
    let mut actual =
        catalog::read(target.any()).map_err(|source| CopyError::Catalog { side: "target", source })?;
    // Tables of others in the same schema are nobody's business here.
    actual.tables.retain(|name, _| expected.tables.contains_key(name));
    Ok(catalog::differences(&expected, &actual))
}
