//! Rules of writing a schema: what stands between tables and beside them.

use crate::finding::{Rule, Weight};

/// `foreign-key/problem`.
pub static FOREIGN_KEY_PROBLEM: Rule = Rule {
    id: "foreign-key/problem",
    weight: Weight::Decision,
    what: "A foreign key cannot hold as it is declared; SQLite accepts it and fails later",
    by_default: "It is not carried",
    change: "Correct the declaration, or add the key by hand",
};

/// `foreign-key/nothing-unique`.
pub static FOREIGN_KEY_NOTHING_UNIQUE: Rule = Rule {
    id: "foreign-key/nothing-unique",
    weight: Weight::Decision,
    what: "What a foreign key refers to is not unique in PostgreSQL",
    by_default: "It is not carried",
    change: "Add a UNIQUE constraint on the columns it refers to, then the key",
};

/// `foreign-key/types-differ`.
pub static FOREIGN_KEY_TYPES: Rule = Rule {
    id: "foreign-key/types-differ",
    weight: Weight::Decision,
    what: "The columns of a foreign key and those it refers to have types that PostgreSQL does not \
        compare",
    by_default: "It is not carried",
    change: "Choose the same type for both",
};

/// `foreign-key/left-out`.
pub static FOREIGN_KEY_LEFT_OUT: Rule = Rule {
    id: "foreign-key/left-out",
    weight: Weight::Decision,
    what: "A foreign key needs a table or column that is left out",
    by_default: "It is not carried",
    change: "Carry what is left out",
};

/// `foreign-key/collation`.
pub static FOREIGN_KEY_COLLATION: Rule = Rule {
    id: "foreign-key/collation",
    weight: Weight::Decision,
    what: "A foreign key compares text by another collation than BINARY: SQLite holds `abc` for a \
        reference to `ABC` under NOCASE, PostgreSQL does not",
    by_default: "It is added NOT VALID: the rows that are there are kept, new ones have to be written as the \
        row they refer to is",
    change: "Write the references as the rows they refer to are, then VALIDATE; or have such columns \
        become citext",
};

/// `foreign-key/not-carried`.
pub static FOREIGN_KEY_NOT_CARRIED: Rule = Rule {
    id: "foreign-key/not-carried",
    weight: Weight::Decision,
    what: "PostgreSQL cannot have a foreign key of this form",
    by_default: "It is not carried",
    change: "Add a key of another form, or a trigger, by hand",
};

/// `full-text/not-carried`.
pub static FULL_TEXT_NOT_CARRIED: Rule = Rule {
    id: "full-text/not-carried",
    weight: Weight::Decision,
    what: "A full-text table is not carried",
    by_default: "Rows that only it holds are not carried; tables whose text it finds are carried as they are",
    change: "Have an index on the table it names as its content (`--full-text`), or make a tsvector \
        column by hand",
};

/// `full-text/as-index`.
pub static FULL_TEXT_INDEX: Rule = Rule {
    id: "full-text/as-index",
    weight: Weight::Widened,
    what: "A full-text table becomes an index on the table whose text it finds",
    by_default: "A GIN index on `to_tsvector('simple', ...)` finds whole words without regard to case. \
        Searches have to say the same expression; PostgreSQL refuses a row with more than 1 MB of \
        words",
    change: "Drop the index, or make one with a configuration for the language",
};

/// `view/not-carried`.
pub static VIEW_NOT_CARRIED: Rule = Rule {
    id: "view/not-carried",
    weight: Weight::Decision,
    what: "A view is not carried: it reads what is not carried, or says what PostgreSQL has no equal for",
    by_default: "It is not made; the tables it reads are carried",
    change: "Make the view by hand",
};

/// `trigger/not-carried`.
pub static TRIGGER_NOT_CARRIED: Rule = Rule {
    id: "trigger/not-carried",
    weight: Weight::Decision,
    what: "A trigger is not carried",
    by_default: "What it does is not done in PostgreSQL; rows that it wrote in the source are carried",
    change: "Write it as a function and a trigger of PostgreSQL by hand",
};
