//! Rules about reading the schema of a file.

use crate::finding::{Rule, Weight};

/// Every rule of this module.
pub static ALL: &[&Rule] = &[
    &NOT_PARSED,
    &TOO_DEEP,
    &TOO_LARGE,
    &NOT_TEXT,
    &UNREADABLE,
    &INDEX_NOT_READ,
    &VIRTUAL_TABLE,
    &INTERNAL_TABLE,
    &COLLATION,
    &ON_CONFLICT,
    &SEQUENCE,
    &TOO_MANY_TABLES,
    &NOT_CHECKED,
    &EXPANDING_COLUMNS,
];

/// `schema/not-checked`.
pub static NOT_CHECKED: Rule = Rule {
    id: "schema/not-checked",
    weight: Weight::Decision,
    what: "SQLite cannot check the file for corruption because it does not know a function or collation \
        that the file uses",
    by_default: "Every readable value is copied; rows that corruption hides are not detected",
    change: "Check the file with the application that defines them: `PRAGMA integrity_check`",
};

const BY_PRAGMAS: &str = "The table is copied with its columns, keys, plain indexes and foreign keys as SQLite's PRAGMAs report \
    them; what only the statement contains is not converted";

/// `schema/not-parsed`.
pub static NOT_PARSED: Rule = Rule {
    id: "schema/not-parsed",
    weight: Weight::Decision,
    what: "The CREATE statement of a table is valid in SQLite but cannot be parsed by this program",
    by_default: BY_PRAGMAS,
    change: "Recreate the table with a simpler statement in a copy of the file, or add the missing parts \
        manually",
};

/// `schema/too-deep`.
pub static TOO_DEEP: Rule = Rule {
    id: "schema/too-deep",
    weight: Weight::Decision,
    what: "A statement may contain an expression of more than 250 levels, and is not parsed",
    by_default: BY_PRAGMAS,
    change: "Write the expression with fewer levels in a copy of the file, for instance with IN instead of \
        OR",
};

/// `schema/too-large`.
pub static TOO_LARGE: Rule = Rule {
    id: "schema/too-large",
    weight: Weight::Decision,
    what: "A statement has more than 8 MiB or 250,000 tokens, and is not parsed",
    by_default: "A table is copied as SQLite's PRAGMAs report it, without what only its statement \
        contains; a view or trigger is skipped",
    change: "Shorten the statement in a copy of the file",
};

/// `schema/not-text`.
pub static NOT_TEXT: Rule = Rule {
    id: "schema/not-text",
    weight: Weight::Impossible,
    what: "A name or statement is not valid text in the file's encoding",
    by_default: "The object with that name is skipped",
    change: "Rename it in a copy of the file",
};

/// `schema/unreadable`.
pub static UNREADABLE: Rule = Rule {
    id: "schema/unreadable",
    weight: Weight::Impossible,
    what: "SQLite cannot report the columns of a table",
    by_default: "The table is skipped with its rows; all other tables are copied",
    change: "Repair a copy of the file, for instance with `sqlite3 FILE .recover`",
};

/// `schema/index-not-read`.
pub static INDEX_NOT_READ: Rule = Rule {
    id: "schema/index-not-read",
    weight: Weight::Decision,
    what: "The expressions or the WHERE clause of an index cannot be read",
    by_default: "The index is skipped; if it is UNIQUE, nothing enforces its uniqueness",
    change: "Create the index manually after the import",
};

/// `schema/virtual-table`.
pub static VIRTUAL_TABLE: Rule = Rule {
    id: "schema/virtual-table",
    weight: Weight::Decision,
    what: "A table is virtual: a module computes its rows, mostly from shadow tables",
    by_default: "The table and the shadow tables of its module are skipped",
    change: "Copy its rows into an ordinary table in a copy of the file, or replace it in PostgreSQL, for \
        instance with a tsvector index for full-text search",
};

/// `schema/internal-table`.
pub static INTERNAL_TABLE: Rule = Rule {
    id: "schema/internal-table",
    weight: Weight::Decision,
    what: "The name of a table begins with `sqlite_`, which is reserved for SQLite",
    by_default: "The table is skipped",
    change: "Copy its rows into a table with another name in a copy of the file",
};

/// `schema/unknown-collation`.
pub static COLLATION: Rule = Rule {
    id: "schema/unknown-collation",
    weight: Weight::Decision,
    what: "A column uses a collation that an application defines in its own code",
    by_default: "Every value is copied; equality and order in PostgreSQL are those of the column's type",
    change: "Create an equivalent collation in PostgreSQL, and assign it to the column",
};

/// `schema/on-conflict`.
pub static ON_CONFLICT: Rule = Rule {
    id: "schema/on-conflict",
    weight: Weight::Decision,
    what: "A constraint has an ON CONFLICT clause, which PostgreSQL does not support",
    by_default: "The constraint is created without the clause: a statement that violates it fails",
    change: "Use INSERT ... ON CONFLICT in the statements of the application",
};

/// `schema/sequence`.
pub static SEQUENCE: Rule = Rule {
    id: "schema/sequence",
    weight: Weight::Note,
    what: "`sqlite_sequence` does not contain the highest key that was generated",
    by_default: "The identity column continues after the highest key in the table; keys of deleted rows \
        may be generated again",
    change: "Set the sequence in PostgreSQL",
};

/// `limit/tables`.
pub static TOO_MANY_TABLES: Rule = Rule {
    id: "limit/tables",
    weight: Weight::Impossible,
    what: "The file has more than 100,000 tables",
    by_default: "The first 100,000 are read; the others are not copied",
    change: "Split the file, or drop tables in a copy of it",
};

/// `limit/generated-columns`.
pub static EXPANDING_COLUMNS: Rule = Rule {
    id: "limit/generated-columns",
    weight: Weight::Decision,
    what: "The generated columns of a table refer to each other so often that SQLite may need hours and \
        all memory to read one row: it evaluates a column again for every reference",
    by_default: "The table is skipped with its rows; all other tables are copied",
    change: "Make the referenced columns STORED in a copy of the file",
};
