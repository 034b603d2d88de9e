//! The types of a SQLite schema.

use sqlite3_parser::ast::Expr;

/// The schema of a file.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The text encoding.
    pub encoding: Encoding,
    /// The ordinary tables, in the order of creation.
    pub tables: Vec<SqliteTable>,
    /// Views.
    pub views: Vec<View>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// Virtual tables.
    pub virtual_tables: Vec<VirtualTable>,
}

/// The text encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
}

/// A table.
#[derive(Clone, Debug)]
pub struct SqliteTable {
    /// Its name.
    pub name: String,
    /// Its columns, including generated ones, in the order of the declaration.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<PrimaryKey>,
    /// UNIQUE constraints, of columns and of the table.
    pub uniques: Vec<Unique>,
    /// CHECK constraints, of columns and of the table.
    pub checks: Vec<Check>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Indexes of CREATE INDEX statements.
    pub indexes: Vec<Index>,
    /// Whether it is WITHOUT ROWID.
    pub without_rowid: bool,
    /// Whether it is STRICT.
    pub strict: bool,
    /// A name for its rowid (`rowid`, `_rowid_` or `oid`); `None` if there is no rowid or columns use all three
    /// names.
    pub rowid: Option<&'static str>,
    /// The entry of `sqlite_sequence`: the highest rowid that an AUTOINCREMENT table ever generated.
    pub sequence: Option<i64>,
}

impl SqliteTable {
    /// Whether its rows are stored in the order of a collation that the application defines.
    #[must_use]
    pub fn is_in_unknown_order(&self) -> bool {
        let mut columns = self.primary_key.iter().flat_map(|key| &key.columns);
        self.without_rowid && columns.any(|column| !is_known_collation(&column.collation))
    }
}

/// Whether a collation is one of SQLite's own.
#[must_use]
pub fn is_known_collation(name: &str) -> bool {
    ["BINARY", "NOCASE", "RTRIM"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its declared type; empty if there is none.
    pub declared_type: String,
    /// The affinity that SQLite derives from the declared type.
    pub affinity: Affinity,
    /// Whether it is NOT NULL (including by a STRICT or WITHOUT ROWID key).
    pub not_null: bool,
    /// Its default.
    pub default: Option<Expr>,
    /// Its collation, `BINARY` if none is declared.
    pub collation: String,
    /// Its generation expression.
    pub generated: Option<Generated>,
}

/// A generation expression.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The expression.
    pub expression: Expr,
    /// Whether its value is stored.
    pub is_stored: bool,
}

/// SQLite manual, "Datatypes In SQLite", section 3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affinity {
    /// `INT` in the declared type.
    Integer,
    /// `CHAR`, `CLOB`, `TEXT`.
    Text,
    /// `BLOB`, or no type.
    Blob,
    /// `REAL`, `FLOA`, `DOUB`.
    Real,
    /// All others.
    Numeric,
    /// `ANY` of a STRICT table: no conversion at all.
    Any,
}

/// A primary key.
#[derive(Clone, Debug)]
pub struct PrimaryKey {
    /// The constraint's name.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<KeyColumn>,
    /// Whether its one column is the rowid (`INTEGER PRIMARY KEY`).
    pub is_rowid: bool,
    /// Whether it is AUTOINCREMENT.
    pub is_autoincrement: bool,
}

/// A column of a primary key or UNIQUE constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyColumn {
    /// The column.
    pub name: String,
    /// The collation of the comparison, which may differ from the column's.
    pub collation: String,
    /// Whether it is descending.
    pub is_descending: bool,
}

/// A UNIQUE constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// Its name.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<KeyColumn>,
}

/// A CHECK constraint.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its name.
    pub name: Option<String>,
    /// The column, if it is a column constraint.
    pub column: Option<String>,
    /// The condition.
    pub expression: Expr,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// The referenced table, with the spelling of its declaration if it exists.
    pub parent_table: String,
    /// The referenced columns; if none are declared, those of the referenced table's primary key. Empty if the table
    /// does not exist or has no such key.
    pub parent_columns: Vec<String>,
    /// ON DELETE.
    pub on_delete: Action,
    /// ON UPDATE.
    pub on_update: Action,
    /// Whether it is checked at COMMIT (`DEFERRABLE INITIALLY DEFERRED`).
    pub is_deferred: bool,
    /// Why it is invalid: no such table, no such column, no unique constraint on the referenced columns, another
    /// number of columns. SQLite accepts the declaration and fails when it enforces it.
    pub problem: Option<String>,
}

/// The action when a referenced row is deleted or updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// NO ACTION.
    NoAction,
    /// RESTRICT.
    Restrict,
    /// SET NULL.
    SetNull,
    /// SET DEFAULT.
    SetDefault,
    /// CASCADE.
    Cascade,
}

/// An index of a CREATE INDEX statement.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it is UNIQUE.
    pub is_unique: bool,
    /// Its terms.
    pub terms: Vec<IndexTerm>,
    /// Its WHERE condition.
    pub predicate: Option<Expr>,
}

/// A term of an index.
#[derive(Clone, Debug)]
pub struct IndexTerm {
    /// The column or expression.
    pub on: IndexOn,
    /// The collation.
    pub collation: String,
    /// Whether it is descending.
    pub is_descending: bool,
}

/// A column, or an expression.
#[derive(Clone, Debug)]
pub enum IndexOn {
    /// A column.
    Column(String),
    /// An expression.
    Expression(Expr),
}

/// A view.
#[derive(Clone, Debug)]
pub struct View {
    /// Its name.
    pub name: String,
    /// Its statement, as stored.
    pub sql: String,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The table or view it is on.
    pub table: String,
    /// Its statement, as stored.
    pub sql: String,
}

/// A virtual table.
#[derive(Clone, Debug)]
pub struct VirtualTable {
    /// Its name.
    pub name: String,
    /// Its module, in lower case.
    pub module: String,
    /// The module's arguments, as written.
    pub arguments: Vec<String>,
    /// Tables in which the module keeps its own data.
    pub shadow_tables: Vec<String>,
}
