//! The queries on PostgreSQL's system catalogs, each over all tables at once. They run on servers 13 to 18: a column
//! that an older server lacks is read by name from the row as JSON.

use diesel::sql_types::{Array, Bool, Nullable, Text};
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl as _, sql_query};

/// The described tables. LIKE is not used, because `_` is one of its wildcards. A partition belongs to its table.
macro_rules! with_tables {
    ($query:literal) => {
        concat!(
            "WITH ours AS (SELECT c.oid, c.relname::text AS name, c.relnamespace FROM pg_catalog.pg_class AS c \
             JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
             AND left(c.relname, 2) <> '__') ",
            $query
        )
    };
}

/// A column. A table without columns has one row without a name.
#[derive(QueryableByName)]
pub(super) struct PostgresColumnRow {
    #[diesel(sql_type = Text)]
    pub(super) table_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) declared: Option<String>,
    /// Also for existing rows: server 18 has NOT NULL constraints that are NOT VALID.
    #[diesel(sql_type = Bool)]
    pub(super) not_null: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) default: Option<String>,
    /// `d` (BY DEFAULT), `a` (ALWAYS) or empty.
    #[diesel(sql_type = Text)]
    pub(super) identity: String,
    #[diesel(sql_type = Bool)]
    pub(super) generated: bool,
    /// `None`: that of the type.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) collation: Option<String>,
}

/// A primary key, check or foreign key.
#[derive(QueryableByName)]
pub(super) struct ConstraintRow {
    #[diesel(sql_type = Text)]
    pub(super) table_name: String,
    /// `p`, `c` or `f`.
    #[diesel(sql_type = Text)]
    pub(super) kind: String,
    #[diesel(sql_type = Array<Text>)]
    pub(super) columns: Vec<String>,
    #[diesel(sql_type = Bool)]
    pub(super) valid: bool,
    #[diesel(sql_type = Bool)]
    pub(super) deferrable: bool,
    #[diesel(sql_type = Bool)]
    pub(super) deferred: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) condition: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) parent_table: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    pub(super) parent_columns: Vec<String>,
    #[diesel(sql_type = Text)]
    pub(super) on_delete: String,
    #[diesel(sql_type = Text)]
    pub(super) on_update: String,
    #[diesel(sql_type = Bool)]
    pub(super) match_full: bool,
    /// Whether ON DELETE SET lists some of the columns only.
    #[diesel(sql_type = Bool)]
    pub(super) sets_some: bool,
}

/// A column of an index.
#[derive(QueryableByName)]
pub(super) struct PostgresIndexRow {
    #[diesel(sql_type = Text)]
    pub(super) table_name: String,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Text)]
    pub(super) method: String,
    #[diesel(sql_type = Bool)]
    pub(super) unique: bool,
    #[diesel(sql_type = Bool)]
    pub(super) valid: bool,
    #[diesel(sql_type = Bool)]
    pub(super) deferrable: bool,
    #[diesel(sql_type = Bool)]
    pub(super) exclusion: bool,
    #[diesel(sql_type = Bool)]
    pub(super) nulls_not_distinct: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) predicate: Option<String>,
    /// `None`: an expression.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) column: Option<String>,
    #[diesel(sql_type = Text)]
    pub(super) definition: String,
    /// Whether it is an INCLUDE column.
    #[diesel(sql_type = Bool)]
    pub(super) included: bool,
    #[diesel(sql_type = Bool)]
    pub(super) descending: bool,
    #[diesel(sql_type = Bool)]
    pub(super) nulls_first: bool,
    /// `None`: that of the column.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) collation: Option<String>,
    /// `None`: that of the type.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) operator_class: Option<String>,
}

pub(super) fn load_columns(connection: &mut PgConnection) -> QueryResult<Vec<PostgresColumnRow>> {
    sql_query(with_tables!(
        "SELECT t.name AS table_name, a.attname::text AS name, \
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS declared, \
         coalesce(a.attnotnull, false) AND NOT EXISTS ( \
             SELECT FROM pg_catalog.pg_constraint AS c WHERE c.conrelid = a.attrelid AND c.contype = 'n' \
             AND c.conkey = ARRAY[a.attnum] AND NOT c.convalidated) AS not_null, \
         pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS \"default\", \
         coalesce(a.attidentity::text, '') AS identity, coalesce(a.attgenerated <> '', false) AS generated, \
         (SELECT l.collname::text FROM pg_catalog.pg_collation AS l \
          WHERE l.oid = a.attcollation AND a.attcollation <> y.typcollation) AS collation \
         FROM ours AS t \
         LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid \
         LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         ORDER BY t.name COLLATE \"C\", a.attnum"
    ))
    .load(connection)
}

pub(super) fn load_constraints(connection: &mut PgConnection) -> QueryResult<Vec<ConstraintRow>> {
    sql_query(with_tables!(
        "SELECT t.name AS table_name, c.contype::text AS kind, \
         ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k (number, place) \
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.number \
               ORDER BY k.place) AS columns, \
         c.convalidated AS valid, c.condeferrable AS deferrable, c.condeferred AS deferred, \
         pg_catalog.pg_get_expr(c.conbin, c.conrelid) AS condition, \
         CASE WHEN p.relnamespace = t.relnamespace THEN p.relname::text \
              ELSE n.nspname || '.' || p.relname END AS parent_table, \
         ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k (number, place) \
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.number \
               ORDER BY k.place) AS parent_columns, \
         c.confdeltype::text AS on_delete, c.confupdtype::text AS on_update, \
         c.confmatchtype = 'f' AS match_full, \
         coalesce(to_jsonb(c) ->> 'confdelsetcols', '') <> '' AS sets_some \
         FROM ours AS t \
         JOIN pg_catalog.pg_constraint AS c ON c.conrelid = t.oid AND c.contype IN ('c', 'f', 'p') \
         LEFT JOIN pg_catalog.pg_class AS p ON p.oid = c.confrelid \
         LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = p.relnamespace \
         WHERE c.conparentid = 0 \
         ORDER BY t.name COLLATE \"C\", c.conname COLLATE \"C\""
    ))
    .load(connection)
}

/// The columns of all indexes except those of primary keys.
pub(super) fn load_indexes(connection: &mut PgConnection) -> QueryResult<Vec<PostgresIndexRow>> {
    sql_query(with_tables!(
        "SELECT t.name AS table_name, c.relname::text AS name, m.amname::text AS method, \
         i.indisunique AS \"unique\", i.indisvalid AND i.indisready AS valid, NOT i.indimmediate AS deferrable, \
         i.indisexclusion AS exclusion, \
         coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct, \
         pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate, \
         a.attname::text AS \"column\", \
         pg_catalog.pg_get_indexdef(i.indexrelid, k.place, false) AS definition, \
         k.place > i.indnkeyatts AS included, \
         coalesce(i.indoption[k.place - 1] & 1, 0) <> 0 AS descending, \
         coalesce(i.indoption[k.place - 1] & 2, 0) <> 0 AS nulls_first, \
         (SELECT l.collname::text FROM pg_catalog.pg_collation AS l \
          WHERE l.oid = i.indcollation[k.place - 1] AND l.oid <> a.attcollation) AS collation, \
         (SELECT o.opcname::text FROM pg_catalog.pg_opclass AS o \
          WHERE o.oid = i.indclass[k.place - 1] AND NOT o.opcdefault) AS operator_class \
         FROM ours AS t \
         JOIN pg_catalog.pg_index AS i ON i.indrelid = t.oid AND NOT i.indisprimary \
         JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid \
         JOIN pg_catalog.pg_am AS m ON m.oid = c.relam \
         CROSS JOIN LATERAL generate_series(1, i.indnatts::integer) AS k (place) \
         LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = i.indkey[k.place - 1] \
         ORDER BY t.name COLLATE \"C\", c.relname COLLATE \"C\", k.place"
    ))
    .load(connection)
}
