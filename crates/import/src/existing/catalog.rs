//! The tables of a target, from its catalog.

use diesel::sql_types::{BigInt, Bool, Text};
use thiserror::Error;

/// Reads the columns of all tables and views of the schema `$1`, one row each; a [`CatalogRow`]. A domain is resolved
/// to its base type. Partitions are omitted, their parents are included.
pub const READ_CATALOG: &str = r#"
SELECT c.relname::text COLLATE "C" AS table_name,
       c.relkind::text AS table_kind,
       a.attname::text AS column_name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name,
       type.oid::bigint AS type_oid,
       type.typmod::bigint AS typmod,
       type.name::text AS base_name,
       type.depth > 0 AS is_domain,
       (a.attnotnull OR type.not_null) AS not_null,
       ((a.atthasdef AND a.attgenerated = '') OR type.has_default) AS has_default,
       a.attidentity <> '' AS is_identity,
       pg_catalog.pg_get_serial_sequence(
           pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), a.attname
       ) IS NOT NULL AS has_sequence,
       a.attgenerated <> '' AS is_generated,
       COALESCE((SELECT pg_catalog.json_agg(e.enumlabel::text ORDER BY e.enumsortorder)
                 FROM pg_catalog.pg_enum e WHERE e.enumtypid = type.oid), '[]')::text AS labels
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
    WITH RECURSIVE step AS (
        SELECT t.oid, t.typname AS name, a.atttypmod AS typmod, t.typtype, t.typbasetype, t.typtypmod,
               t.typtype = 'd' AND t.typnotnull AS not_null, t.typdefault IS NOT NULL AS has_default, 0 AS depth
        FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
        UNION ALL
        SELECT t.oid, t.typname, s.typtypmod, t.typtype, t.typbasetype, t.typtypmod,
               s.not_null OR t.typtype = 'd' AND t.typnotnull, s.has_default OR t.typdefault IS NOT NULL, s.depth + 1
        FROM step s JOIN pg_catalog.pg_type t ON s.typtype = 'd' AND t.oid = s.typbasetype
    )
    SELECT * FROM step ORDER BY depth DESC LIMIT 1
) type
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
ORDER BY 1, a.attnum
"#;

/// A row of [`READ_CATALOG`].
#[derive(Clone, Debug, PartialEq, Eq, diesel::QueryableByName)]
pub struct CatalogRow {
    /// The table or view.
    #[diesel(sql_type = Text)]
    pub table_name: String,
    /// Its `relkind`.
    #[diesel(sql_type = Text)]
    pub table_kind: String,
    /// The column.
    #[diesel(sql_type = Text)]
    pub column_name: String,
    /// The name of its type in PostgreSQL.
    #[diesel(sql_type = Text)]
    pub type_name: String,
    /// The oid of its type, or of the base type of the domain.
    #[diesel(sql_type = BigInt)]
    pub type_oid: i64,
    /// The modifier of that type.
    #[diesel(sql_type = BigInt)]
    pub typmod: i64,
    /// The name of that type.
    #[diesel(sql_type = Text)]
    pub base_name: String,
    /// Whether its type is a domain.
    #[diesel(sql_type = Bool)]
    pub is_domain: bool,
    /// Whether it, or its domain, is NOT NULL.
    #[diesel(sql_type = Bool)]
    pub not_null: bool,
    /// Whether it, or its domain, has a default.
    #[diesel(sql_type = Bool)]
    pub has_default: bool,
    /// Whether it is an identity column.
    #[diesel(sql_type = Bool)]
    pub is_identity: bool,
    /// Whether it owns a sequence: of an identity column, or of a `serial`.
    #[diesel(sql_type = Bool)]
    pub has_sequence: bool,
    /// Whether it is a generated column.
    #[diesel(sql_type = Bool)]
    pub is_generated: bool,
    /// The labels of its enum, as a JSON array.
    #[diesel(sql_type = Text)]
    pub labels: String,
}

/// A table of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingTable {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: TableKind,
    /// Its columns, in order.
    pub columns: Vec<ExistingColumn>,
}

/// The kind of an object with columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// A table.
    Table,
    /// A partitioned table.
    Partitioned,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table.
    Foreign,
}

/// A column of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingColumn {
    /// Its name.
    pub name: String,
    /// The name of its type in PostgreSQL (`format_type`).
    pub type_name: String,
    /// The oid of its type, or of the base type of the domain.
    pub type_oid: u32,
    /// The modifier of that type; -1 for none.
    pub typmod: i32,
    /// The name of that type.
    pub base_name: String,
    /// Whether its type is a domain.
    pub is_domain: bool,
    /// Whether it, or its domain, is NOT NULL.
    pub not_null: bool,
    /// Whether it, or its domain, has a default.
    pub has_default: bool,
    /// Whether it is an identity column.
    pub is_identity: bool,
    /// Whether it owns a sequence: of an identity column, or of a `serial`.
    pub has_sequence: bool,
    /// Whether it is a generated column.
    pub is_generated: bool,
    /// The labels of its enum, in order; empty for other types.
    pub labels: Vec<String>,
}

/// A catalog row that cannot be interpreted.
#[derive(Debug, Error)]
pub enum ExistingCatalogError {
    /// A kind of table that the query does not select.
    #[error("table {table:?} is of the unknown kind {kind:?}")]
    Kind {
        /// The table.
        table: String,
        /// Its `relkind`.
        kind: String,
    },
    /// A number that PostgreSQL does not use there.
    #[error("read the type of column {column:?} of table {table:?}")]
    Type {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The cause.
        #[source]
        source: std::num::TryFromIntError,
    },
    /// Labels that are not an array of strings.
    #[error("read the enum labels of column {column:?} of table {table:?}")]
    Labels {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The cause.
        #[source]
        source: serde_json::Error,
    },
}

/// The tables from the rows of [`READ_CATALOG`], in their order.
///
/// # Errors
/// When a row cannot be interpreted.
pub fn tables(schema: &str, rows: Vec<CatalogRow>) -> Result<Vec<ExistingTable>, ExistingCatalogError> {
    let mut tables: Vec<ExistingTable> = Vec::new();
    for row in rows {
        let kind = match row.table_kind.as_str() {
            "r" => TableKind::Table,
            "p" => TableKind::Partitioned,
            "v" => TableKind::View,
            "m" => TableKind::MaterializedView,
            "f" => TableKind::Foreign,
            _ => return Err(ExistingCatalogError::Kind { table: row.table_name, kind: row.table_kind }),
        };
        let name = row.table_name.clone();
        let column = column(row)?;
        match tables.last_mut().filter(|table| table.name == name) {
            Some(table) => table.columns.push(column),
            None => {
                tables.push(ExistingTable { schema: schema.to_owned(), name, kind, columns: vec![column] });
            }
        }
    }
    Ok(tables)
}

fn column(row: CatalogRow) -> Result<ExistingColumn, ExistingCatalogError> {
    let (table, column) = (&row.table_name, &row.column_name);
    let bad_type =
        |source| ExistingCatalogError::Type { table: table.clone(), column: column.clone(), source };
    let type_oid = u32::try_from(row.type_oid).map_err(bad_type)?;
    let typmod = i32::try_from(row.typmod).map_err(bad_type)?;
    let labels = serde_json::from_str(&row.labels).map_err(|source| ExistingCatalogError::Labels {
        table: table.clone(),
        column: column.clone(),
        source,
    })?;
    Ok(ExistingColumn {
        name: row.column_name,
        type_name: row.type_name,
        type_oid,
        typmod,
        base_name: row.base_name,
        is_domain: row.is_domain,
        not_null: row.not_null,
        has_default: row.has_default,
        is_identity: row.is_identity,
        has_sequence: row.has_sequence,
        is_generated: row.is_generated,
        labels,
    })
}
