//! Rules about writing the schema: keys and indexes.

use crate::finding::{Rule, Weight};

/// `key/not-carried`.
pub static KEY_NOT_CARRIED: Rule = Rule {
    id: "key/not-carried",
    weight: Weight::Decision,
    what: "A primary key or UNIQUE constraint cannot be converted",
    by_default: "The constraint is skipped: PostgreSQL accepts rows that SQLite rejects",
    change: "Do not skip any of its columns, or add a constraint manually",
};

/// `key/null-in-primary-key`.
pub static KEY_NULL: Rule = Rule {
    id: "key/null-in-primary-key",
    weight: Weight::Decision,
    what: "Columns of a primary key contain NULL, which SQLite accepts and PostgreSQL does not",
    by_default: "The columns get a UNIQUE constraint instead of the primary key; every row is copied",
    change: "Assign a key to those rows before the import",
};

/// `key/nocase`.
pub static KEY_NOCASE: Rule = Rule {
    id: "key/nocase",
    weight: Weight::Widened,
    what: "A primary key, UNIQUE constraint or unique index ignores the case of A to Z (NOCASE)",
    by_default: "A unique index on `lower(column COLLATE \"C\")` rejects the same rows. Case-insensitive \
        queries and ON CONFLICT must use the same `lower(...)` expression",
    change: "Convert such columns to citext (`--nocase citext`)",
};

/// `key/citext`.
pub static KEY_CITEXT: Rule = Rule {
    id: "key/citext",
    weight: Weight::Widened,
    what: "A column with case-insensitive comparison of A to Z (NOCASE) becomes citext",
    by_default: "The type citext ignores the case of all letters of the database's locale, not only of A \
        to Z: it rejects some rows that SQLite accepts",
    change: "Keep the column text, with a unique index (`--nocase index`)",
};

/// `key/rtrim`.
pub static KEY_RTRIM: Rule = Rule {
    id: "key/rtrim",
    weight: Weight::Widened,
    what: "A primary key, UNIQUE constraint or unique index ignores trailing spaces (RTRIM)",
    by_default: "A unique index on `rtrim(column, ' ')` rejects the same rows. Queries and ON CONFLICT \
        must use the same `rtrim(...)` expression",
    change: "Drop the index, and remove trailing spaces in the application",
};

/// `key/unknown-collation`.
pub static KEY_UNKNOWN_COLLATION: Rule = Rule {
    id: "key/unknown-collation",
    weight: Weight::Decision,
    what: "A primary key, UNIQUE constraint or unique index compares text with a collation that the \
        application defines",
    by_default: "It compares the bytes of the text: identical texts are rejected, but not texts that are \
        equal only under that collation",
    change: "Create a collation in PostgreSQL, and an index with it, manually",
};

/// `key/json-text`.
pub static KEY_JSON: Rule = Rule {
    id: "key/json-text",
    weight: Weight::Widened,
    what: "A primary key, UNIQUE constraint or unique index is on a column of type json, which PostgreSQL \
        cannot compare",
    by_default: "A unique index on the value as text rejects the same rows",
    change: "Choose jsonb or text for the column",
};

/// `key/coarser-equality`.
pub static KEY_COARSER: Rule = Rule {
    id: "key/coarser-equality",
    weight: Weight::Note,
    what: "A key is on a column whose PostgreSQL type treats different SQLite values as equal: two texts \
        of the same instant or of the same JSON value, or a number and its text",
    by_default: "The key is created as declared. If two such values exist, PostgreSQL rejects the key and \
        reports them",
    change: "Choose text for the column",
};

/// `key/collides`.
pub static KEY_COLLIDES: Rule = Rule {
    id: "key/collides",
    weight: Weight::Decision,
    what: "Values of a key that differ in SQLite by their storage class are equal in the column's type, such as the \
        number 1 and the text '1' as text",
    by_default: "Every row is copied, and the key is skipped: PostgreSQL accepts rows that SQLite rejects",
    change: "Correct one of the values in a copy of the file, or set `type` for the column",
};

/// `key/duplicate`.
pub static KEY_DUPLICATE: Rule = Rule {
    id: "key/duplicate",
    weight: Weight::Note,
    what: "A UNIQUE constraint is on the same columns as another key of the table",
    by_default: "It is created once",
    change: "Add it manually",
};

/// `key/long-values`.
pub static KEY_LONG_VALUES: Rule = Rule {
    id: "key/long-values",
    weight: Weight::Decision,
    what: "A primary key, UNIQUE constraint or unique index is on values that may exceed the size limit of \
        a B-tree entry (2,704 bytes)",
    by_default: "A single-column key becomes an exclusion constraint with a hash index, which rejects the \
        same rows; ON CONFLICT DO UPDATE and foreign keys cannot use it. A multicolumn key is created as \
        declared, and PostgreSQL may reject it",
    change: "Shorten those values, or create a unique index on a hash of the column",
};

/// `index/not-carried`.
pub static INDEX_NOT_CARRIED: Rule = Rule {
    id: "index/not-carried",
    weight: Weight::Decision,
    what: "An index cannot be converted",
    by_default: "The index is skipped: queries that used it scan the whole table; if it is unique, \
        PostgreSQL accepts rows that SQLite rejects",
    change: "Create the index manually",
};

/// `index/no-order`.
pub static INDEX_NO_ORDER: Rule = Rule {
    id: "index/no-order",
    weight: Weight::Decision,
    what: "An index is on a column of type json, which has no ordering in PostgreSQL",
    by_default: "The index is skipped",
    change: "Choose jsonb for the column and create a GIN index manually, or choose text",
};

/// `index/collation`.
pub static INDEX_COLLATION: Rule = Rule {
    id: "index/collation",
    weight: Weight::Note,
    what: "A non-unique index compares text with a collation that PostgreSQL does not have: NOCASE, RTRIM, \
        or one that the application defines",
    by_default: "The index is on `lower(column COLLATE \"C\")` for NOCASE, on `rtrim(column, ' ')` for \
        RTRIM, and on the plain column for an unknown collation. Queries use it if they contain the same \
        expression",
    change: "Create another index manually",
};

/// `index/duplicate`.
pub static INDEX_DUPLICATE: Rule = Rule {
    id: "index/duplicate",
    weight: Weight::Note,
    what: "An index is on the same columns as a key of the table, which has an index of its own",
    by_default: "The index is skipped: the key's index serves the same queries",
    change: "Create the index manually",
};

/// `index/long-values`.
pub static INDEX_LONG_VALUES: Rule = Rule {
    id: "index/long-values",
    weight: Weight::Widened,
    what: "An index is on values that may exceed the size limit of a B-tree entry (2,704 bytes)",
    by_default: "A single-column index becomes a hash index, which supports equality but no ordering. A \
        multicolumn index is created as declared, and PostgreSQL may reject it",
    change: "Create an index on a prefix of the column manually",
};

/// `index/null-order`.
pub static INDEX_NULL_ORDER: Rule = Rule {
    id: "index/null-order",
    weight: Weight::Note,
    what: "Indexes are on nullable columns. SQLite sorts NULL first and PostgreSQL sorts NULL last",
    by_default: "Indexes are created with PostgreSQL's default order, so that the ORDER BY clauses of the \
        application can use them",
    change: "Specify NULLS FIRST or NULLS LAST in ORDER BY where the order matters, and in an index for it",
};
