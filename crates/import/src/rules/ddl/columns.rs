//! Rules of writing a schema: names and columns.

use crate::finding::{Rule, Weight};

/// `name/changed`.
pub static NAME_CHANGED: Rule = Rule {
    id: "name/changed",
    weight: Weight::Widened,
    what: "A table, view or column has a name that PostgreSQL cannot have: over 63 bytes, empty, with a \
        NUL, or taken",
    by_default: "It is named by its beginning, `_` and eight hexadecimal digits of a hash of its whole name; \
        a comment tells the name it had",
    change: "Give it another name in the configuration file",
};

/// `name/constraint-changed`.
pub static NAME_CONSTRAINT: Rule = Rule {
    id: "name/constraint-changed",
    weight: Weight::Note,
    what: "An index or constraint has a name that PostgreSQL cannot have, or that a table, view, index \
        or constraint has already: a key constraint's index stands in one namespace with the tables",
    by_default: "It is named by its beginning, `_` and eight hexadecimal digits of a hash of its whole name",
    change: "Rename it afterwards with ALTER INDEX or ALTER TABLE ... RENAME CONSTRAINT",
};

/// `name/reserved-column`.
pub static NAME_RESERVED_COLUMN: Rule = Rule {
    id: "name/reserved-column",
    weight: Weight::Widened,
    what: "A column is named as a system column of PostgreSQL: tableoid, xmin, cmin, xmax, cmax or ctid",
    by_default: "`_` and eight hexadecimal digits are put behind its name; a comment tells the name it had",
    change: "Give it another name in the configuration file",
};

/// `name/reserved-table`.
pub static NAME_RESERVED_TABLE: Rule = Rule {
    id: "name/reserved-table",
    weight: Weight::Widened,
    what: "A table or view is named as this program or PostgreSQL names its own tables: `__backoffice_` or `pg_` \
        and more",
    by_default: "The underscores are taken from the beginning, and `_` and eight hexadecimal digits are put \
        at the end; a comment tells the name it had",
    change: "Give it another name in the configuration file",
};

/// `table/too-many-columns`.
pub static TABLE_TOO_MANY_COLUMNS: Rule = Rule {
    id: "table/too-many-columns",
    weight: Weight::Decision,
    what: "A table has more than 1,600 columns, the most that PostgreSQL allows",
    by_default: "The table is not made, nor anything on it; all others are carried",
    change: "Leave columns out in the configuration file, or split the table",
};

/// `identity/not-integer`.
pub static IDENTITY_NOT_INTEGER: Rule = Rule {
    id: "identity/not-integer",
    weight: Weight::Decision,
    what: "A column that numbers its rows has a type that PostgreSQL cannot number",
    by_default: "It is an ordinary column: a row without a value for it is refused",
    change: "Choose smallint, integer or bigint for it",
};

/// `identity/exhausted`.
pub static IDENTITY_EXHAUSTED: Rule = Rule {
    id: "identity/exhausted",
    weight: Weight::Decision,
    what: "The next number of a column that numbers its rows is its type's last one, or above it",
    by_default: "Numbers start with the last one: the first or second new row without a number is refused",
    change: "Choose bigint, or restart the numbers with ALTER TABLE ... RESTART where some are free",
};

/// `generated/virtual-stored`.
pub static GENERATED_STORED: Rule = Rule {
    id: "generated/virtual-stored",
    weight: Weight::Note,
    what: "A generated column is VIRTUAL",
    by_default: "It is STORED: PostgreSQL computes it when the row is written, not when it is read. Its \
        values are the same",
    change: "Drop it and compute it in a view",
};

/// `generated/not-carried`.
pub static GENERATED_NOT_CARRIED: Rule = Rule {
    id: "generated/not-carried",
    weight: Weight::Decision,
    what: "The expression of a generated column is not carried",
    by_default: "It is an ordinary column with the values of the source; new rows have to bring theirs",
    change: "Add a generated column or a trigger by hand",
};

/// `default/not-carried`.
pub static DEFAULT_NOT_CARRIED: Rule = Rule {
    id: "default/not-carried",
    weight: Weight::Decision,
    what: "The default of a column is not carried",
    by_default: "The column has no default: a new row that leaves it out gets NULL, or is refused where the \
        column is NOT NULL",
    change: "Set a default by hand with ALTER TABLE ... ALTER COLUMN ... SET DEFAULT",
};

/// `check/not-carried`.
pub static CHECK_NOT_CARRIED: Rule = Rule {
    id: "check/not-carried",
    weight: Weight::Decision,
    what: "A CHECK constraint is not carried",
    by_default: "PostgreSQL accepts rows that SQLite would refuse",
    change: "Add the constraint by hand",
};

/// `text/order`.
pub static TEXT_ORDER: Rule = Rule {
    id: "text/order",
    weight: Weight::Note,
    what: "SQLite orders text by its bytes and PostgreSQL by the database's collation",
    by_default: "Text columns have the database's collation. What is equal stays equal; ORDER BY, `<` and `>` \
        may give another order",
    change: "Make the database with `LOCALE 'C'`, or say COLLATE \"C\" where the order matters",
};
