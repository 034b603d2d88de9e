//! What tables take on disk, with their indexes.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use crate::error::TransferError;
use crate::source::Source;
use crate::target::Target;

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    size_bytes: i64,
}

fn by_name(sizes: Vec<Size>) -> BTreeMap<String, i64> {
    sizes.into_iter().map(|size| (size.name, size.size_bytes)).collect()
}

/// Of the source. SQLite goes through every page for it.
pub(super) fn source_sizes(source: &mut Source) -> Result<BTreeMap<String, i64>, TransferError> {
    let query = "SELECT s.tbl_name AS name, sum(d.pgsize) AS size_bytes
        FROM dbstat AS d JOIN sqlite_schema AS s ON s.name = d.name
        WHERE d.aggregate = TRUE GROUP BY s.tbl_name";
    let sizes = diesel::sql_query(query).load(source.sqlite());
    sizes
        .map(by_name)
        .map_err(|source| TransferError::ReadSource { what: "read the sizes of tables", source })
}

/// Of the target.
pub(super) fn target_sizes(
    target: &mut Target,
    names: &[&str],
) -> Result<BTreeMap<String, i64>, TransferError> {
    let query = "SELECT c.relname::text AS name, pg_total_relation_size(c.oid) AS size_bytes
        FROM pg_catalog.pg_class AS c
        WHERE c.oid = ANY (SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident(t)) FROM unnest($1) AS t)";
    let sizes = diesel::sql_query(query).bind::<Array<Text>, _>(names).load(target.postgres());
    sizes.map(by_name).map_err(|source| TransferError::UseTarget { what: "read the sizes of tables", source })
}
