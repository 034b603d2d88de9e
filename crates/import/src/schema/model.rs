//! The words in which a SQLite schema is told.

use sqlite3_parser::ast::Expr;

/// What a file declares.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// How text is stored.
    pub encoding: Encoding,
    /// The tables that hold rows of their own, in the order they were made.
    pub tables: Vec<Table>,
    /// Views.
    pub views: Vec<View>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// Virtual tables.
    pub virtual_tables: Vec<VirtualTable>,
}

/// How text is stored.
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
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, generated ones among them, in the order of the declaration.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<PrimaryKey>,
    /// UNIQUE constraints, of columns and of the table.
    pub uniques: Vec<Unique>,
    /// CHECK constraints, of columns and of the table.
    pub checks: Vec<Check>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Indexes made by CREATE INDEX.
    pub indexes: Vec<Index>,
    /// Whether it is WITHOUT ROWID.
    pub without_rowid: bool,
    /// Whether it is STRICT.
    pub strict: bool,
    /// A name by which its rowid can be asked for (`rowid`, `_rowid_` or `oid`); `None` when there is no rowid or
    /// columns have taken all three names.
    pub rowid: Option<&'static str>,
    /// What `sqlite_sequence` says: the highest rowid an AUTOINCREMENT table ever gave out.
    pub sequence: Option<i64>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as declared; empty when there is none.
    pub declared_type: String,
    /// What SQLite makes of the declared type.
    pub affinity: Affinity,
    /// Whether it is NOT NULL (also where a STRICT or WITHOUT ROWID key makes it so).
    pub not_null: bool,
    /// Its default.
    pub default: Option<Expr>,
    /// Its collation, `BINARY` when none is declared.
    pub collation: String,
    /// How it is generated.
    pub generated: Option<Generated>,
}

/// How a column is generated.
#[derive(Clone, Debug)]
pub struct Generated {
    /// From what.
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
    /// By which collation it is compared, which may differ from the column's.
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
    /// The column it stands at, where it is a column's.
    pub column: Option<String>,
    /// What must not be false.
    pub expression: Expr,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// The table it refers to, as it is spelled there where it exists.
    pub parent_table: String,
    /// The columns it refers to; where none are declared, those of the parent's primary key. Empty when the parent
    /// does not exist or has no such key.
    pub parent_columns: Vec<String>,
    /// ON DELETE.
    pub on_delete: Action,
    /// ON UPDATE.
    pub on_update: Action,
    /// Whether it is checked at COMMIT (`DEFERRABLE INITIALLY DEFERRED`).
    pub is_deferred: bool,
    /// Why it cannot hold as it stands: no such table, no such column, nothing unique to refer to, another number of
    /// columns. SQLite accepts the declaration and fails later.
    pub problem: Option<String>,
}

/// What happens to rows whose parent goes.
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

/// An index made by CREATE INDEX.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it is UNIQUE.
    pub is_unique: bool,
    /// What it is over.
    pub terms: Vec<IndexTerm>,
    /// Its WHERE.
    pub predicate: Option<Expr>,
}

/// What an index is over.
#[derive(Clone, Debug)]
pub struct IndexTerm {
    /// A column's name or an expression.
    pub on: IndexOn,
    /// By which collation.
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
