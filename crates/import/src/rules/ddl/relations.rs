//! Rules about writing the schema: foreign keys, full-text tables, views and triggers.

use crate::finding::{Rule, Weight};

/// `foreign-key/problem`.
pub static FOREIGN_KEY_PROBLEM: Rule = Rule {
    id: "foreign-key/problem",
    weight: Weight::Decision,
    what: "A foreign key is invalid as declared: SQLite accepts the declaration and fails when it enforces \
        it",
    by_default: "The foreign key is skipped",
    change: "Correct the declaration, or add the foreign key manually",
};

/// `foreign-key/nothing-unique`.
pub static FOREIGN_KEY_NOTHING_UNIQUE: Rule = Rule {
    id: "foreign-key/nothing-unique",
    weight: Weight::Decision,
    what: "The referenced columns of a foreign key have no unique constraint in PostgreSQL",
    by_default: "The foreign key is skipped",
    change: "Add a UNIQUE constraint on the referenced columns, then the foreign key",
};

/// `foreign-key/types-differ`.
pub static FOREIGN_KEY_TYPES: Rule = Rule {
    id: "foreign-key/types-differ",
    weight: Weight::Decision,
    what: "The referencing and the referenced columns of a foreign key have types that PostgreSQL cannot \
        compare",
    by_default: "The foreign key is skipped",
    change: "Choose the same type for both",
};

/// `foreign-key/left-out`.
pub static FOREIGN_KEY_LEFT_OUT: Rule = Rule {
    id: "foreign-key/left-out",
    weight: Weight::Decision,
    what: "A foreign key needs a table or column that is skipped",
    by_default: "The foreign key is skipped",
    change: "Do not skip that table or column",
};

/// `foreign-key/collation`.
pub static FOREIGN_KEY_COLLATION: Rule = Rule {
    id: "foreign-key/collation",
    weight: Weight::Decision,
    what: "A foreign key compares text with a collation other than BINARY: with NOCASE, SQLite accepts \
        `abc` as a reference to `ABC`, and PostgreSQL does not",
    by_default: "The constraint is added NOT VALID: existing rows are kept, and new rows must match the \
        referenced value exactly",
    change: "Update the references to the exact referenced values and run VALIDATE CONSTRAINT, or convert \
        such columns to citext (`--nocase citext`)",
};

/// `foreign-key/not-carried`.
pub static FOREIGN_KEY_NOT_CARRIED: Rule = Rule {
    id: "foreign-key/not-carried",
    weight: Weight::Decision,
    what: "PostgreSQL does not support a foreign key of this form",
    by_default: "The foreign key is skipped",
    change: "Add a foreign key of another form, or a trigger, manually",
};

/// `full-text/not-carried`.
pub static FULL_TEXT_NOT_CARRIED: Rule = Rule {
    id: "full-text/not-carried",
    weight: Weight::Decision,
    what: "A full-text table is not converted",
    by_default: "Rows that are stored only in it are not copied; the tables that hold its content are copied",
    change: "Request an index on its content table with `--full-text`, or create a tsvector column manually",
};

/// `full-text/as-index`.
pub static FULL_TEXT_INDEX: Rule = Rule {
    id: "full-text/as-index",
    weight: Weight::Widened,
    what: "A full-text table is converted to an index on the table that holds its content",
    by_default: "A GIN index on `to_tsvector('simple', ...)` finds whole words, case-insensitively. \
        Queries must use the same expression; PostgreSQL rejects a row whose words take more than 1 MB",
    change: "Drop the index, or create one with a text search configuration for the language",
};

/// `view/not-carried`.
pub static VIEW_NOT_CARRIED: Rule = Rule {
    id: "view/not-carried",
    weight: Weight::Decision,
    what: "A view cannot be converted: it reads a table or column that is skipped, or uses a construct \
        without an equivalent in PostgreSQL",
    by_default: "The view is skipped; the tables it reads are copied",
    change: "Create the view manually",
};

/// `trigger/not-carried`.
pub static TRIGGER_NOT_CARRIED: Rule = Rule {
    id: "trigger/not-carried",
    weight: Weight::Decision,
    what: "A trigger is not converted",
    by_default: "Its actions do not run in PostgreSQL; rows that it wrote in the source are copied",
    change: "Write it manually as a function and a trigger of PostgreSQL",
};
