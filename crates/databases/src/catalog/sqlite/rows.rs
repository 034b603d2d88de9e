//! The queries on SQLite's schema, each over all tables at once.
//!
//! Names are passed to the pragmas from the schema itself, never as text in a statement. `pragma_table_list` comes
//! first (CROSS JOIN keeps the order), because reading the columns of a virtual table without its module is an error.

use diesel::sql_types::{Bool, Integer, Nullable, Text};
use diesel::{QueryResult, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};

/// The described tables. LIKE is not used, because `_` is one of its wildcards.
macro_rules! from_tables {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " FROM pragma_table_list AS t ",
            $rest,
            " AND t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 2) <> '__' \
             AND lower(substr(t.name, 1, 7)) <> 'sqlite_' "
        )
    };
}

/// A table.
#[derive(QueryableByName)]
pub(super) struct TableRow {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Bool)]
    pub(super) strict: bool,
    #[diesel(sql_type = Bool)]
    pub(super) without_rowid: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) sql: Option<String>,
}

/// A column.
#[derive(QueryableByName)]
pub(super) struct SqliteColumnRow {
    #[diesel(sql_type = Text)]
    pub(super) table_name: String,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Text)]
    pub(super) declared: String,
    #[diesel(sql_type = Bool)]
    pub(super) not_null: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) default: Option<String>,
    /// Its position in the primary key, from 1; 0 if it is not part of it.
    #[diesel(sql_type = Integer)]
    pub(super) key_place: i32,
}

/// A column of an index.
#[derive(QueryableByName)]
pub(super) struct SqliteIndexRow {
    #[diesel(sql_type = Text)]
    pub(super) table_name: String,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Bool)]
    pub(super) unique: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) sql: Option<String>,
    /// `None`: an expression.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) column: Option<String>,
    #[diesel(sql_type = Bool)]
    pub(super) descending: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) collation: Option<String>,
}

/// A column of a foreign key.
#[derive(QueryableByName)]
pub(super) struct SqliteForeignKeyRow {
    #[diesel(sql_type = Text)]
    pub(super) table_name: String,
    #[diesel(sql_type = Integer)]
    pub(super) id: i32,
    #[diesel(sql_type = Text)]
    pub(super) column: String,
    #[diesel(sql_type = Text)]
    pub(super) parent_table: String,
    /// `None`: the parent's primary key.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) parent_column: Option<String>,
    #[diesel(sql_type = Text)]
    pub(super) on_update: String,
    #[diesel(sql_type = Text)]
    pub(super) on_delete: String,
}

pub(super) fn load_tables(connection: &mut SqliteConnection) -> QueryResult<Vec<TableRow>> {
    sql_query(from_tables!(
        "SELECT t.name, t.strict, t.wr AS without_rowid, s.sql",
        "CROSS JOIN main.sqlite_schema AS s WHERE s.type = 'table' AND s.name = t.name"
    ))
    .load(connection)
}

pub(super) fn load_columns(connection: &mut SqliteConnection) -> QueryResult<Vec<SqliteColumnRow>> {
    sql_query(concat!(
        from_tables!(
            "SELECT t.name AS table_name, c.name, c.type AS declared, c.\"notnull\" AS not_null, \
             c.dflt_value AS \"default\", c.pk AS key_place",
            "CROSS JOIN pragma_table_xinfo(t.name, 'main') AS c WHERE true"
        ),
        "ORDER BY t.name, c.cid"
    ))
    .load(connection)
}

/// The columns of all indexes except those of primary keys.
pub(super) fn load_indexes(connection: &mut SqliteConnection) -> QueryResult<Vec<SqliteIndexRow>> {
    sql_query(concat!(
        from_tables!(
            "SELECT t.name AS table_name, i.name, i.\"unique\", s.sql, c.name AS \"column\", \
             c.\"desc\" AS descending, c.coll AS collation",
            "CROSS JOIN pragma_index_list(t.name, 'main') AS i CROSS JOIN pragma_index_xinfo(i.name, 'main') AS c \
             LEFT JOIN main.sqlite_schema AS s ON s.type = 'index' AND s.name = i.name \
             WHERE i.origin <> 'pk' AND c.key"
        ),
        "ORDER BY t.name, i.name, c.seqno"
    ))
    .load(connection)
}

/// The columns of all foreign keys, in the order of the declaration: SQLite numbers the last one 0.
pub(super) fn load_foreign_keys(connection: &mut SqliteConnection) -> QueryResult<Vec<SqliteForeignKeyRow>> {
    sql_query(concat!(
        from_tables!(
            "SELECT t.name AS table_name, f.id, f.\"from\" AS \"column\", f.\"table\" AS parent_table, \
             f.\"to\" AS parent_column, f.on_update, f.on_delete",
            "CROSS JOIN pragma_foreign_key_list(t.name, 'main') AS f WHERE true"
        ),
        "ORDER BY t.name, f.id DESC, f.seq"
    ))
    .load(connection)
}
