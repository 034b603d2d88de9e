//! Rules of writing a schema: keys and indexes.

use crate::finding::{Rule, Weight};

/// `key/not-carried`.
pub static KEY_NOT_CARRIED: Rule = Rule {
    id: "key/not-carried",
    weight: Weight::Decision,
    what: "A primary key or UNIQUE constraint is not carried",
    by_default: "PostgreSQL accepts rows that SQLite would refuse",
    change: "Carry all of its columns, or add a constraint by hand",
};

/// `key/null-in-primary-key`.
pub static KEY_NULL: Rule = Rule {
    id: "key/null-in-primary-key",
    weight: Weight::Decision,
    what: "Columns of a primary key hold NULL, which SQLite accepts and PostgreSQL does not",
    by_default: "The columns are UNIQUE instead of the primary key; every row arrives",
    change: "Give those rows a key before the move",
};

/// `key/nocase`.
pub static KEY_NOCASE: Rule = Rule {
    id: "key/nocase",
    weight: Weight::Widened,
    what: "A primary key, UNIQUE constraint or unique index compares text without regard to the case of \
        A to Z (NOCASE)",
    by_default: "A unique index on `lower(column COLLATE \"C\")` keeps the same rows out. Searches without \
        regard to case have to say `lower(...)` too, and so has ON CONFLICT",
    change: "Have such columns become citext (`--nocase citext`)",
};

/// `key/citext`.
pub static KEY_CITEXT: Rule = Rule {
    id: "key/citext",
    weight: Weight::Widened,
    what: "A column that is compared without regard to the case of A to Z (NOCASE) becomes citext",
    by_default: "The type citext takes the case of all letters away by the database's locale, not only of A to Z: it \
        keeps out some rows that SQLite accepts",
    change: "Keep it text, with a unique index (`--nocase index`)",
};

/// `key/rtrim`.
pub static KEY_RTRIM: Rule = Rule {
    id: "key/rtrim",
    weight: Weight::Widened,
    what: "A primary key, UNIQUE constraint or unique index compares text without spaces at its end \
        (RTRIM)",
    by_default: "A unique index on `rtrim(column, ' ')` keeps the same rows out. Searches have to say \
        `rtrim(...)` too, and so has ON CONFLICT",
    change: "Drop the index, and take the spaces away in the application",
};

/// `key/unknown-collation`.
pub static KEY_UNKNOWN_COLLATION: Rule = Rule {
    id: "key/unknown-collation",
    weight: Weight::Decision,
    what: "A primary key, UNIQUE constraint or unique index compares text by a collation that the \
        application brings",
    by_default: "It compares by the text's bytes: equal texts are kept out, but not those that only the \
        collation holds for equal",
    change: "Make a collation in PostgreSQL and an index with it by hand",
};

/// `key/json-text`.
pub static KEY_JSON: Rule = Rule {
    id: "key/json-text",
    weight: Weight::Widened,
    what: "A primary key, UNIQUE constraint or unique index is over a column of type json, which \
        PostgreSQL does not compare",
    by_default: "A unique index on the value as text keeps the same rows out",
    change: "Choose jsonb or text for the column",
};

/// `key/coarser-equality`.
pub static KEY_COARSER: Rule = Rule {
    id: "key/coarser-equality",
    weight: Weight::Note,
    what: "A key is over a column whose type holds different values of SQLite for equal: two texts of \
        the same instant or of the same JSON, or a number and its text",
    by_default: "The key is made as declared. Where two such values meet, PostgreSQL refuses the key and says \
        which they are",
    change: "Choose text for the column",
};

/// `key/duplicate`.
pub static KEY_DUPLICATE: Rule = Rule {
    id: "key/duplicate",
    weight: Weight::Note,
    what: "A UNIQUE constraint is over the same columns as another key of the table",
    by_default: "It is made once",
    change: "Add it by hand",
};

/// `key/long-values`.
pub static KEY_LONG_VALUES: Rule = Rule {
    id: "key/long-values",
    weight: Weight::Decision,
    what: "A primary key, UNIQUE constraint or unique index is over values that may be too long for an \
        entry of a B-tree (2,704 bytes)",
    by_default: "An exclusion constraint by hash refuses the same rows where the key has one column; ON \
        CONFLICT DO UPDATE and foreign keys cannot use it. A key of more columns is made as \
        declared, and PostgreSQL may refuse it",
    change: "Shorten those values, or make a unique index on a hash of the column",
};

/// `index/not-carried`.
pub static INDEX_NOT_CARRIED: Rule = Rule {
    id: "index/not-carried",
    weight: Weight::Decision,
    what: "An index is not carried",
    by_default: "Searches that used it read the whole table; where it is unique, PostgreSQL accepts rows that \
        SQLite would refuse",
    change: "Make the index by hand",
};

/// `index/no-order`.
pub static INDEX_NO_ORDER: Rule = Rule {
    id: "index/no-order",
    weight: Weight::Decision,
    what: "An index is over a column of type json, which PostgreSQL does not order",
    by_default: "The index is not made",
    change: "Choose jsonb for the column, with a GIN index made by hand, or text",
};

/// `index/collation`.
pub static INDEX_COLLATION: Rule = Rule {
    id: "index/collation",
    weight: Weight::Note,
    what: "An index that is not unique compares text by another collation than PostgreSQL's: NOCASE or \
        RTRIM, or one that the application brings",
    by_default: "It is over `lower(column COLLATE \"C\")` for NOCASE, `rtrim(column, ' ')` for RTRIM, and the \
        column as it stands for an unknown collation. Searches use it where they say the same",
    change: "Make another index by hand",
};

/// `index/duplicate`.
pub static INDEX_DUPLICATE: Rule = Rule {
    id: "index/duplicate",
    weight: Weight::Note,
    what: "An index is over the same columns as a key of the table, which makes an index of its own",
    by_default: "It is not made: every search it serves is served by the key's",
    change: "Make the index by hand",
};

/// `index/long-values`.
pub static INDEX_LONG_VALUES: Rule = Rule {
    id: "index/long-values",
    weight: Weight::Widened,
    what: "An index is over values that may be too long for an entry of a B-tree (2,704 bytes)",
    by_default: "An index of one column is a hash index, which finds equal values but gives no order. One of \
        more columns is made as declared, and PostgreSQL may refuse it",
    change: "Make an index on the beginning of the column by hand",
};

/// `index/null-order`.
pub static INDEX_NULL_ORDER: Rule = Rule {
    id: "index/null-order",
    weight: Weight::Note,
    what: "Indexes are over columns that may be NULL. SQLite sorts NULL before all values and \
        PostgreSQL behind them",
    by_default: "Indexes are made in PostgreSQL's order, so that ORDER BY as the application writes it can \
        use them",
    change: "Say NULLS FIRST or NULLS LAST in ORDER BY where it matters, and in an index for it",
};
