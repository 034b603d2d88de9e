//! Rules about writing the schema: names and columns.

use crate::finding::{Rule, Weight};

/// `name/changed`.
pub static NAME_CHANGED: Rule = Rule {
    id: "name/changed",
    weight: Weight::Decision,
    what: "The name of a table, view or column is not possible in PostgreSQL: longer than 63 bytes, empty, \
        with a NUL, or already used",
    by_default: "The new name is the start of the old name, `_` and eight hexadecimal digits of a hash of \
        the old name; a comment documents the old name",
    change: "Set another name in the configuration file",
};

/// `name/constraint-changed`.
pub static NAME_CONSTRAINT: Rule = Rule {
    id: "name/constraint-changed",
    weight: Weight::Note,
    what: "The name of an index or constraint is not possible in PostgreSQL, or is already used by a \
        table, view, index or constraint: the index of a key shares a namespace with tables",
    by_default: "The new name is the start of the old name, `_` and eight hexadecimal digits of a hash of \
        the old name",
    change: "Rename it afterwards with ALTER INDEX or ALTER TABLE ... RENAME CONSTRAINT",
};

/// `name/reserved-column`.
pub static NAME_RESERVED_COLUMN: Rule = Rule {
    id: "name/reserved-column",
    weight: Weight::Decision,
    what: "A column has the name of a system column of PostgreSQL: tableoid, xmin, cmin, xmax, cmax or ctid",
    by_default: "`_` and eight hexadecimal digits are appended to its name; a comment documents the old name",
    change: "Set another name in the configuration file",
};

/// `name/reserved-table`.
pub static NAME_RESERVED_TABLE: Rule = Rule {
    id: "name/reserved-table",
    weight: Weight::Decision,
    what: "The name of a table or view begins with a prefix that is reserved for this program or \
        PostgreSQL: `__backoffice_` or `pg_`",
    by_default: "Leading underscores are removed, and `_` and eight hexadecimal digits are appended; a \
        comment documents the old name",
    change: "Set another name in the configuration file",
};

/// `table/too-many-columns`.
pub static TABLE_TOO_MANY_COLUMNS: Rule = Rule {
    id: "table/too-many-columns",
    weight: Weight::Decision,
    what: "A table has more than 1,600 columns, the limit of PostgreSQL",
    by_default: "The table and the objects that depend on it are skipped; all other tables are copied",
    change: "Skip columns in the configuration file, or split the table",
};

/// `identity/not-integer`.
pub static IDENTITY_NOT_INTEGER: Rule = Rule {
    id: "identity/not-integer",
    weight: Weight::Decision,
    what: "The target type of an INTEGER PRIMARY KEY cannot be an identity column",
    by_default: "The column is no identity column: an INSERT without a value for it fails",
    change: "Choose smallint, integer or bigint for it",
};

/// `identity/exhausted`.
pub static IDENTITY_EXHAUSTED: Rule = Rule {
    id: "identity/exhausted",
    weight: Weight::Decision,
    what: "The next value of an identity column is at or above the maximum of its type",
    by_default: "The sequence starts at the maximum: the first or second INSERT without a value fails",
    change: "Choose bigint, or restart the sequence at a free value with ALTER TABLE ... ALTER COLUMN ... \
        RESTART",
};

/// `generated/virtual-stored`.
pub static GENERATED_STORED: Rule = Rule {
    id: "generated/virtual-stored",
    weight: Weight::Note,
    what: "A generated column is VIRTUAL",
    by_default: "The column becomes STORED: PostgreSQL computes it when the row is written, not when it is \
        read. The values are the same",
    change: "Drop the column and compute it in a view",
};

/// `generated/as-double`.
pub static GENERATED_DOUBLE: Rule = Rule {
    id: "generated/as-double",
    weight: Weight::Widened,
    what: "A generated column declared as a decimal is computed with binary floating-point numbers, as SQLite \
        computes",
    by_default: "The column becomes double precision, so that PostgreSQL computes the same values",
    change: "Set `type = \"numeric\"` for the column: it becomes an ordinary column with the values of the source",
};

/// `generated/not-carried`.
pub static GENERATED_NOT_CARRIED: Rule = Rule {
    id: "generated/not-carried",
    weight: Weight::Decision,
    what: "The expression of a generated column cannot be converted",
    by_default: "The column becomes an ordinary column with the values of the source; an INSERT must \
        supply its value",
    change: "Add a generated column or a trigger manually",
};

/// `default/not-carried`.
pub static DEFAULT_NOT_CARRIED: Rule = Rule {
    id: "default/not-carried",
    weight: Weight::Decision,
    what: "The default of a column cannot be converted",
    by_default: "The column has no default: an INSERT without a value for it stores NULL, or fails if the \
        column is NOT NULL",
    change: "Set a default manually with ALTER TABLE ... ALTER COLUMN ... SET DEFAULT",
};

/// `default/other-form`.
pub static DEFAULT_OTHER_FORM: Rule = Rule {
    id: "default/other-form",
    weight: Weight::Note,
    what: "The default of a column of dates, instants or UUIDs has another form in SQLite than the column's values, \
        such as text beside Unix timestamps",
    by_default: "The default is the same date, instant or UUID in the column's type; a time without an offset is in \
        UTC, as SQLite's functions are, and a date alone is its midnight",
    change: "Set another default with ALTER TABLE ... ALTER COLUMN ... SET DEFAULT",
};

/// `check/not-carried`.
pub static CHECK_NOT_CARRIED: Rule = Rule {
    id: "check/not-carried",
    weight: Weight::Decision,
    what: "A CHECK constraint cannot be converted",
    by_default: "The constraint is skipped: PostgreSQL accepts rows that SQLite rejects",
    change: "Add the constraint manually",
};

/// `text/order`.
pub static TEXT_ORDER: Rule = Rule {
    id: "text/order",
    weight: Weight::Note,
    what: "SQLite orders text by its bytes, and PostgreSQL by the database's collation",
    by_default: "Text columns use the database's collation. Equality is the same; ORDER BY, `<` and `>` \
        may give another order",
    change: "Create the database with `LOCALE 'C'`, or use COLLATE \"C\" where the order matters",
};
