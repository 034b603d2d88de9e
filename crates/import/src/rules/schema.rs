//! Rules of reading what a file declares.

use crate::finding::{Rule, Weight};

/// Every rule of this file.
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
    what: "SQLite cannot check the file for damage, for it does not know a function or collation that the file uses",
    by_default: "Every value that can be read is carried; rows that damage hides are not missed",
    change: "Check the file with the application that knows them: `PRAGMA integrity_check`",
};

const BY_PRAGMAS: &str = "The table is carried with its columns, keys, plain indexes and foreign keys, as SQLite's PRAGMAs tell \
    them; what only the statement tells is not carried";

/// `schema/not-parsed`.
pub static NOT_PARSED: Rule = Rule {
    id: "schema/not-parsed",
    weight: Weight::Decision,
    what: "SQLite reads a table whose statement is not understood here",
    by_default: BY_PRAGMAS,
    change: "Make the table anew with a plainer statement in a copy of the file, or add what is missing by hand",
};

/// `schema/too-deep`.
pub static TOO_DEEP: Rule = Rule {
    id: "schema/too-deep",
    weight: Weight::Decision,
    what: "A statement may hold an expression of more than 250 levels, and is not parsed",
    by_default: BY_PRAGMAS,
    change: "Write the expression with fewer levels in a copy of the file, as with IN in place of OR",
};

/// `schema/too-large`.
pub static TOO_LARGE: Rule = Rule {
    id: "schema/too-large",
    weight: Weight::Decision,
    what: "A statement has more than 8 MiB or 250,000 words, and is not parsed",
    by_default: "A table is carried as SQLite's PRAGMAs tell it, without what only its statement tells; a view or \
        trigger is left out",
    change: "Shorten the statement in a copy of the file",
};

/// `schema/not-text`.
pub static NOT_TEXT: Rule = Rule {
    id: "schema/not-text",
    weight: Weight::Impossible,
    what: "A name or statement is not well-formed text in the file's encoding",
    by_default: "What has that name is left out",
    change: "Rename it in a copy of the file",
};

/// `schema/unreadable`.
pub static UNREADABLE: Rule = Rule {
    id: "schema/unreadable",
    weight: Weight::Impossible,
    what: "SQLite does not tell what a table is",
    by_default: "It is left out with its rows; all others are carried",
    change: "Repair a copy of the file, as with `sqlite3 FILE .recover`",
};

/// `schema/index-not-read`.
pub static INDEX_NOT_READ: Rule = Rule {
    id: "schema/index-not-read",
    weight: Weight::Decision,
    what: "The expressions or the WHERE of an index cannot be read",
    by_default: "The index is not carried; where it is UNIQUE, nothing keeps its terms unique",
    change: "Make the index by hand after the move",
};

/// `schema/virtual-table`.
pub static VIRTUAL_TABLE: Rule = Rule {
    id: "schema/virtual-table",
    weight: Weight::Decision,
    what: "A table is virtual: a module computes it, mostly from tables of its own",
    by_default: "It is not carried, nor are the tables that are its module's own",
    change: "Copy its rows into an ordinary table in a copy of the file, or make up for it in PostgreSQL, as with \
        a tsvector index for full-text search",
};

/// `schema/internal-table`.
pub static INTERNAL_TABLE: Rule = Rule {
    id: "schema/internal-table",
    weight: Weight::Decision,
    what: "A table's name begins with `sqlite_`, which is kept for SQLite itself",
    by_default: "It is not carried",
    change: "Copy its rows into a table of another name in a copy of the file",
};

/// `schema/unknown-collation`.
pub static COLLATION: Rule = Rule {
    id: "schema/unknown-collation",
    weight: Weight::Decision,
    what: "A column compares by a collation that an application defines in its own code",
    by_default: "Every value is carried; equality and order in PostgreSQL are those of the column's type there",
    change: "Make a collation of PostgreSQL that compares alike, and give it to the column",
};

/// `schema/on-conflict`.
pub static ON_CONFLICT: Rule = Rule {
    id: "schema/on-conflict",
    weight: Weight::Decision,
    what: "A constraint has an ON CONFLICT clause, which PostgreSQL does not have",
    by_default: "The constraint is carried without it: a statement that breaks it fails",
    change: "Say it in the statements of the application: INSERT ... ON CONFLICT",
};

/// `schema/sequence`.
pub static SEQUENCE: Rule = Rule {
    id: "schema/sequence",
    weight: Weight::Note,
    what: "`sqlite_sequence` does not tell the highest key that was given out",
    by_default: "The identity continues after the highest key in the table; keys of deleted rows may come again",
    change: "Set the sequence in PostgreSQL",
};

/// `limit/tables`.
pub static TOO_MANY_TABLES: Rule = Rule {
    id: "limit/tables",
    weight: Weight::Impossible,
    what: "The file has more than 100,000 tables",
    by_default: "The first 100,000 are read; the others are not carried",
    change: "Split the file, or drop tables in a copy of it",
};

/// `limit/generated-columns`.
pub static EXPANDING_COLUMNS: Rule = Rule {
    id: "limit/generated-columns",
    weight: Weight::Decision,
    what: "The generated columns of a table refer to each other so often that SQLite may take hours and all memory to \
        read a row: it computes each column anew wherever it is named",
    by_default: "The table is left out with its rows; all others are carried",
    change: "Make the columns that others refer to STORED in a copy of the file",
};
