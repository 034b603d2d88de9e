//! What holds rows together in the target: foreign keys, indexes, checks.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use super::not_in_force::NotInForce;
use super::result::Orphans;
use crate::error::TransferError;
use crate::table::Table;
use crate::target::Target;
use crate::target::state::{Definition, SkippedObject};
use databases::catalog::{self, Catalog};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Rows of `tables` that refer to rows that do not exist, counted for each foreign key of the target.
///
/// PostgreSQL enforces this itself, unless its triggers were disabled (`session_replication_role`).
pub(super) fn orphans(
    target: &mut Target,
    expected: &Catalog,
    tables: &[Arc<dyn Table>],
) -> Result<Vec<Orphans>, TransferError> {
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
                .map_err(|source| TransferError::UseTarget { what: "check the foreign keys", source })?;
            if found.count > 0 {
                orphans.push(Orphans {
                    table: name.to_owned(),
                    columns: key.columns.join(", "),
                    parent: key.parent_table.clone(),
                    row_count: found.count,
                    is_reported: false,
                });
            }
        }
    }
    Ok(orphans)
}

/// Constraints and indexes of `names` that are there and do not hold: the catalog of a target that looks complete may
/// have a foreign key that was not checked (`NOT VALID`), one whose triggers are disabled, or an index that was not built
/// to its end.
///
/// Objects that the run `skipped` are listed as well, also those that the target does not have.
pub(super) fn not_in_force(
    target: &mut Target,
    names: &[&str],
    skipped: &[SkippedObject],
) -> Result<Vec<NotInForce>, TransferError> {
    #[derive(QueryableByName)]
    struct NotInForceRow {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Text)]
        table: String,
        #[diesel(sql_type = Text)]
        kind: String,
        #[diesel(sql_type = Text)]
        state: String,
    }
    let query = "WITH ours AS (
            SELECT t AS name, to_regclass(quote_ident(t)) AS oid FROM unnest($1) AS t
        )
        SELECT o.name AS table, c.conname::text AS name, 'not valid' AS state,
            CASE c.contype WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' ELSE 'constraint' END AS kind
        FROM ours AS o JOIN pg_catalog.pg_constraint AS c ON c.conrelid = o.oid
        -- That of a partition is part of its parent's.
        WHERE NOT c.convalidated AND c.conparentid = 0
        UNION
        SELECT o.name, c.conname::text, 'switched off', 'foreign key'
        FROM ours AS o JOIN pg_catalog.pg_constraint AS c ON c.conrelid = o.oid
        JOIN pg_catalog.pg_trigger AS t ON t.tgconstraint = c.oid
        WHERE c.contype = 'f' AND c.conparentid = 0 AND t.tgenabled IN ('D', 'R')
        UNION
        SELECT o.name, c.relname::text, 'not valid', 'index'
        FROM ours AS o JOIN pg_catalog.pg_index AS i ON i.indrelid = o.oid
        JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
        WHERE NOT (i.indisvalid AND i.indisready AND i.indislive)
        ORDER BY 1, 2, 3";
    let rows: Vec<NotInForceRow> = diesel::sql_query(query)
        .bind::<Array<Text>, _>(names)
        .load(target.postgres())
        .map_err(|source| TransferError::UseTarget { what: "read the constraints", source })?;
    let is_same =
        |object: &SkippedObject, table: &str, name: &str| object.table_name == table && object.name == name;
    let found = |row: NotInForceRow| NotInForce {
        is_reported: skipped.iter().any(|object| is_same(object, &row.table, &row.name)),
        table: row.table,
        kind: row.kind,
        name: row.name,
        state: row.state,
    };
    let mut all: Vec<NotInForce> = rows.into_iter().map(found).collect();
    for object in skipped {
        if !all.iter().any(|found| is_same(object, &found.table, &found.name)) {
            all.push(NotInForce {
                table: object.table_name.clone(),
                kind: object.kind.clone(),
                name: object.name.clone(),
                state: "missing".to_owned(),
                is_reported: true,
            });
        }
    }
    Ok(all)
}

/// Rows that violate the foreign keys that the run reported as not in force.
pub(super) fn orphans_of_reported(
    target: &mut Target,
    skipped: &[SkippedObject],
) -> Result<Vec<Orphans>, TransferError> {
    #[derive(QueryableByName)]
    struct KeyRow {
        #[diesel(sql_type = Text)]
        columns: String,
        #[diesel(sql_type = Text)]
        parent: String,
        #[diesel(sql_type = Text)]
        query: String,
    }
    // The query of the rows, with names that the server quotes.
    let keys = "SELECT string_agg(a.attname::text, ', ' ORDER BY k.place) AS columns, r.relname::text AS parent,
            format('SELECT count(*) AS count FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)',
                f.conrelid::regclass,
                string_agg(format('c.%I IS NOT NULL', a.attname), ' AND '),
                f.confrelid::regclass,
                string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND ')) AS query
        FROM pg_catalog.pg_constraint AS f
        JOIN pg_catalog.pg_class AS r ON r.oid = f.confrelid,
            unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (own, other, place),
            pg_catalog.pg_attribute AS a, pg_catalog.pg_attribute AS b
        WHERE f.contype = 'f' AND NOT f.convalidated AND f.conrelid = to_regclass(quote_ident($1)) AND f.conname = $2
            AND a.attrelid = f.conrelid AND a.attnum = k.own AND b.attrelid = f.confrelid AND b.attnum = k.other
        GROUP BY f.oid, f.conrelid, f.confrelid, r.relname";
    let failed = |source| TransferError::UseTarget { what: "check the foreign keys", source };
    let mut orphans = Vec::new();
    for object in skipped.iter().filter(|object| object.kind == "foreign key") {
        let found: Vec<KeyRow> = diesel::sql_query(keys)
            .bind::<Text, _>(&object.table_name)
            .bind::<Text, _>(&object.name)
            .load(target.postgres())
            .map_err(failed)?;
        for KeyRow { columns, parent, query } in found {
            let found: Count = diesel::sql_query(query).get_result(target.postgres()).map_err(failed)?;
            if found.count > 0 {
                let (table, row_count) = (object.table_name.clone(), found.count);
                orphans.push(Orphans { table, columns, parent, row_count, is_reported: true });
            }
        }
    }
    Ok(orphans)
}

/// What is not in force before a run writes, with the foreign keys that an earlier run dropped and that were not valid.
///
/// # Errors
/// When the target fails.
pub fn not_in_force_before(target: &mut Target, names: &[&str]) -> Result<Vec<NotInForce>, TransferError> {
    target.in_snapshot(|target| {
        let dropped = Definition::load(target)
            .map_err(|source| TransferError::UseTarget { what: "read the dropped definitions", source })?;
        let was_not_valid = dropped.into_iter().filter(Definition::was_not_valid);
        let mut found: Vec<NotInForce> = was_not_valid
            .map(|definition| NotInForce {
                is_reported: false,
                table: definition.table,
                kind: definition.kind.as_str().to_owned(),
                name: definition.name,
                state: "not valid".to_owned(),
            })
            .collect();
        found.extend(not_in_force(target, names, &[])?);
        Ok(found)
    })
}

/// Where the target's catalog differs from what the migrations create, without foreign keys where they are not in force.
pub(super) fn differences(
    target: &mut Target,
    expected: &Catalog,
    without_foreign_keys: bool,
) -> Result<Vec<String>, TransferError> {
    let mut actual = catalog::read_postgres(target.postgres())
        .map_err(|source| TransferError::Catalog { side: "target", source })?;
    // Other tables in the same schema are not compared.
    actual.tables.retain(|name, _| expected.tables.contains_key(name));
    if !without_foreign_keys {
        return Ok(catalog::differences(expected, &actual));
    }
    let mut expected = expected.clone();
    for table in expected.tables.values_mut().chain(actual.tables.values_mut()) {
        table.foreign_keys.clear();
    }
    Ok(catalog::differences(&expected, &actual))
}
