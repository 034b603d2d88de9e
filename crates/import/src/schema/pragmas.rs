//! Queries SQLite about a file: `sqlite_schema` and the PRAGMAs, one query each.
//!
//! Text is read as its stored bytes and must be well-formed in the file's encoding; read as text, Diesel and SQLite
//! would repair it silently.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};

use super::model::Encoding;

/// Functions that are queried here. A table or view with such a name would be queried instead.
pub(super) const FUNCTIONS: [&str; 4] =
    ["pragma_table_xinfo", "pragma_index_list", "pragma_index_xinfo", "pragma_foreign_key_list"];

/// Bytes of text in a file's encoding.
type Bytes = Vec<u8>;

/// A row of `sqlite_schema`.
#[derive(QueryableByName)]
pub(super) struct SchemaEntry {
    #[diesel(sql_type = Nullable<Binary>)]
    pub kind: Option<Bytes>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub name: Option<Bytes>,
    /// The table of an index or trigger.
    #[diesel(sql_type = Nullable<Binary>)]
    pub table_name: Option<Bytes>,
    /// The length of the statement in bytes.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub length: Option<i64>,
    /// The statement, if it is within the limit.
    #[diesel(sql_type = Nullable<Binary>)]
    pub sql: Option<Bytes>,
}

/// A row of `table_xinfo`.
#[derive(QueryableByName)]
pub(super) struct TableInfoRow {
    #[diesel(sql_type = Binary)]
    pub name: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    pub declared_type: Option<Bytes>,
    #[diesel(sql_type = Integer)]
    pub not_null: i32,
    #[diesel(sql_type = Nullable<Binary>)]
    pub default_sql: Option<Bytes>,
    /// Its position in the primary key, from 1; 0 if it is not part of it.
    #[diesel(sql_type = Integer)]
    pub key_place: i32,
    /// 1 for a hidden column of a virtual table, 2 for a virtual generated column, 3 for a stored one.
    #[diesel(sql_type = Integer)]
    pub hidden: i32,
}

/// A row of `index_list`.
#[derive(QueryableByName)]
pub(super) struct IndexListRow {
    #[diesel(sql_type = Binary)]
    pub name: Bytes,
    #[diesel(sql_type = Integer)]
    pub is_unique: i32,
    /// `c` for CREATE INDEX, `u` for UNIQUE, `pk` for PRIMARY KEY.
    #[diesel(sql_type = Text)]
    pub origin: String,
    #[diesel(sql_type = Integer)]
    pub is_partial: i32,
}

/// A row of `index_xinfo`.
#[derive(QueryableByName)]
pub(super) struct TermRow {
    /// The index of the column in the table; -1 for the rowid, -2 for an expression.
    #[diesel(sql_type = Integer)]
    pub place: i32,
    #[diesel(sql_type = Nullable<Binary>)]
    pub name: Option<Bytes>,
    #[diesel(sql_type = Integer)]
    pub is_descending: i32,
    #[diesel(sql_type = Nullable<Binary>)]
    pub collation: Option<Bytes>,
    /// 0 for columns that SQLite appends to find the row.
    #[diesel(sql_type = Integer)]
    pub is_key: i32,
}

/// A row of `foreign_key_list`.
#[derive(QueryableByName)]
pub(super) struct ForeignKeyListRow {
    #[diesel(sql_type = Integer)]
    pub id: i32,
    #[diesel(sql_type = Binary)]
    pub parent_table: Bytes,
    #[diesel(sql_type = Binary)]
    pub column_name: Bytes,
    #[diesel(sql_type = Nullable<Binary>)]
    pub parent_column: Option<Bytes>,
    #[diesel(sql_type = Text)]
    pub on_update: String,
    #[diesel(sql_type = Text)]
    pub on_delete: String,
}

/// The entry of a table in `sqlite_sequence`.
#[derive(QueryableByName)]
pub(super) struct SequenceRow {
    #[diesel(sql_type = Nullable<Binary>)]
    pub name: Option<Bytes>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub highest: Option<i64>,
    /// The number of rows with neither an integer nor NULL.
    #[diesel(sql_type = BigInt)]
    pub other_count: i64,
}

#[derive(QueryableByName)]
struct EncodingRow {
    #[diesel(sql_type = Text)]
    encoding: String,
}

/// The file's encoding, as SQLite names it.
pub(super) fn encoding(connection: &mut SqliteConnection) -> QueryResult<String> {
    let row: EncodingRow = diesel::sql_query("PRAGMA main.encoding").get_result(connection)?;
    Ok(row.encoding)
}

/// `sqlite_schema`, in the order of creation; statements of more than `longest` bytes are omitted. A change log and its
/// triggers, which this program adds to a file that it follows, are not of the application.
pub(super) fn entries(connection: &mut SqliteConnection, longest: i32) -> QueryResult<Vec<SchemaEntry>> {
    let query = "SELECT CAST(type AS BLOB) AS kind, CAST(name AS BLOB) AS name, \
         CAST(tbl_name AS BLOB) AS table_name, length(CAST(sql AS BLOB)) AS length, \
         CASE WHEN length(CAST(sql AS BLOB)) <= ? THEN CAST(sql AS BLOB) END AS sql \
         FROM main.sqlite_schema AS s WHERE NOT (
             EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = '__backoffice_captured')
             AND (type = 'trigger' AND name GLOB '__backoffice_[0-9]*'
                  OR tbl_name IN ('__backoffice_captured', '__backoffice_changes', '__backoffice_owner')
                  OR tbl_name GLOB '__backoffice_image_[0-9]*')) ORDER BY rowid";
    diesel::sql_query(query).bind::<Integer, _>(longest).load(connection)
}

/// `table_xinfo` of a table.
pub(super) fn columns(connection: &mut SqliteConnection, table: &str) -> QueryResult<Vec<TableInfoRow>> {
    let query = "SELECT CAST(name AS BLOB) AS name, CAST(type AS BLOB) AS declared_type, \
         \"notnull\" AS not_null, CAST(dflt_value AS BLOB) AS default_sql, pk AS key_place, hidden \
         FROM pragma_table_xinfo(?, 'main') ORDER BY cid";
    diesel::sql_query(query).bind::<Text, _>(table).load(connection)
}

/// `index_list` of a table, in the order of creation, which is the reverse of SQLite's.
pub(super) fn indexes(connection: &mut SqliteConnection, table: &str) -> QueryResult<Vec<IndexListRow>> {
    let query = "SELECT CAST(name AS BLOB) AS name, \"unique\" AS is_unique, origin, partial AS is_partial \
         FROM pragma_index_list(?, 'main') ORDER BY seq DESC";
    diesel::sql_query(query).bind::<Text, _>(table).load(connection)
}

/// `index_xinfo` of an index.
pub(super) fn terms(connection: &mut SqliteConnection, index: &str) -> QueryResult<Vec<TermRow>> {
    let query = "SELECT cid AS place, CAST(name AS BLOB) AS name, \"desc\" AS is_descending, \
         CAST(coll AS BLOB) AS collation, key AS is_key FROM pragma_index_xinfo(?, 'main') ORDER BY seqno";
    diesel::sql_query(query).bind::<Text, _>(index).load(connection)
}

/// `foreign_key_list` of a table, in the order of the declaration, which is the reverse of SQLite's ids.
pub(super) fn foreign_keys(
    connection: &mut SqliteConnection,
    table: &str,
) -> QueryResult<Vec<ForeignKeyListRow>> {
    let query = "SELECT id, CAST(\"table\" AS BLOB) AS parent_table, CAST(\"from\" AS BLOB) AS column_name, \
         CAST(\"to\" AS BLOB) AS parent_column, on_update, on_delete \
         FROM pragma_foreign_key_list(?, 'main') ORDER BY id DESC, seq";
    diesel::sql_query(query).bind::<Text, _>(table).load(connection)
}

/// `sqlite_sequence`, which exists if a table is AUTOINCREMENT.
pub(super) fn sequences(connection: &mut SqliteConnection) -> QueryResult<Vec<SequenceRow>> {
    let query = "SELECT CAST(name AS BLOB) AS name, max(CASE typeof(seq) WHEN 'integer' THEN seq END) AS highest, \
         count(CASE WHEN typeof(seq) NOT IN ('integer', 'null') THEN 1 END) AS other_count \
         FROM main.sqlite_sequence \
         WHERE name IN (SELECT name FROM main.sqlite_schema WHERE type = 'table') GROUP BY name";
    diesel::sql_query(query).load(connection)
}

/// Text from its bytes; `None` if they are not well-formed.
pub(super) fn text(encoding: Encoding, bytes: &[u8]) -> Option<String> {
    let of_pair: fn([u8; 2]) -> u16 = match encoding {
        Encoding::Utf8 => return std::str::from_utf8(bytes).ok().map(str::to_owned),
        Encoding::Utf16Le => u16::from_le_bytes,
        Encoding::Utf16Be => u16::from_be_bytes,
    };
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let units = pairs.map(|pair| of_pair([pair[0], pair[1]]));
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}
