//! Rules about importing: rejected rows and objects, orphans, and existing tables of the target.

use crate::finding::{Rule, Weight};

/// Every rule of this module.
pub static ALL: &[&Rule] = &[
    &ROW_REJECTED,
    &TABLE_FAILED,
    &OBJECT_REFUSED,
    &ORPHAN_NOT_VALID,
    &ORPHAN_QUARANTINED,
    &ORPHAN_SET_NULL,
    &ORPHAN_NOT_CHECKED,
    &TARGET_EXTRA_COLUMN,
    &TARGET_REQUIRED_COLUMN,
    &TARGET_MISSING_COLUMN,
    &TARGET_MISSING_TABLE,
    &TARGET_TYPE_TOO_NARROW,
    &TARGET_MIGRATION_TABLE,
    &SIZE_ROW_TOO_LARGE,
];

/// A row that the target rejected.
pub static ROW_REJECTED: Rule = Rule {
    id: "row/rejected",
    weight: Weight::Decision,
    what: "A row holds a value that is incompatible with its column in PostgreSQL, or violates a \
        constraint there",
    by_default: "The row is rejected with every value, its key and the reason; all other rows are copied",
    change: "Correct the row in the source, or set a type that fits in the configuration file; the list of \
        rejected rows shows them; the same import, run again, then copies those of tables with an INTEGER \
        PRIMARY KEY, and with `--restart` those of all tables",
};

/// A table that SQLite cannot read.
pub static TABLE_FAILED: Rule = Rule {
    id: "table/failed",
    weight: Weight::Decision,
    what: "SQLite cannot read the rows of a table, for instance because it needs a function that the application defines",
    by_default: "The table is skipped with its rows and the objects that depend on it; every other table is copied",
    change: "Copy its rows into a plain table in a copy of the file, with the application or an SQLite that has what is \
        missing",
};

/// A statement that the target rejected.
pub static OBJECT_REFUSED: Rule = Rule {
    id: "object/refused",
    weight: Weight::Decision,
    what: "PostgreSQL rejected a statement that creates a constraint, an index, a view or a comment",
    by_default: "The object is skipped and reported with its statement and the error of PostgreSQL; \
        everything else is created",
    change: "Correct the statement in the converted schema, and run it after the import",
};

/// Orphans under a foreign key that is not validated.
pub static ORPHAN_NOT_VALID: Rule = Rule {
    id: "orphan/not-valid",
    weight: Weight::Decision,
    what: "Rows reference rows that do not exist (orphans), which SQLite accepts while foreign keys are \
        not enforced",
    by_default: "All rows are copied; the foreign key is created NOT VALID, so that it is enforced for new \
        rows only, and the orphans are listed",
    change: "Correct the rows and run ALTER TABLE ... VALIDATE CONSTRAINT, or import with `--orphans \
        quarantine` to reject them, `--orphans null` to set the reference to NULL, or `--orphans stop` to \
        copy nothing while orphans exist",
};

/// Orphans that are rejected.
pub static ORPHAN_QUARANTINED: Rule = Rule {
    id: "orphan/quarantined",
    weight: Weight::Decision,
    what: "Rows reference rows that do not exist, and `--orphans quarantine` is set",
    by_default: "They are rejected with every value, and so are the rows that reference them; the foreign \
        key is valid. In a table without an INTEGER PRIMARY KEY they are copied, and the foreign key stays \
        NOT VALID",
    change: "Correct the rows in the source and run the import again, or import with another `--orphans`",
};

/// Orphans whose reference becomes NULL.
pub static ORPHAN_SET_NULL: Rule = Rule {
    id: "orphan/set-null",
    weight: Weight::Decision,
    what: "Rows reference rows that do not exist, and `--orphans null` is set",
    by_default: "The referencing columns become NULL, and each row is listed with the old value; where a \
        column is NOT NULL, the row is rejected; the foreign key is valid",
    change: "Import with another `--orphans`: `not-valid` changes no value",
};

/// A foreign key that cannot be checked in the source.
pub static ORPHAN_NOT_CHECKED: Rule = Rule {
    id: "orphan/not-checked",
    weight: Weight::Decision,
    what: "SQLite cannot compare the columns of a foreign key because it does not know their collation",
    by_default: "All rows are copied; if rows violate the foreign key, it is NOT VALID and is reported",
    change: "Look for such rows with the application that defines the collation",
};

/// A column only the target has.
pub static TARGET_EXTRA_COLUMN: Rule = Rule {
    id: "target/extra-column",
    weight: Weight::Note,
    what: "A table of the target has a column that the source does not have",
    by_default: "The column gets its default in every row, or NULL if it has none",
    change: "Map a column of the source to it in the configuration file",
};

/// A column only the target has, which is NOT NULL without a default.
pub static TARGET_REQUIRED_COLUMN: Rule = Rule {
    id: "target/required-column",
    weight: Weight::Impossible,
    what: "A column of the target is NOT NULL without a default, and the source does not have it",
    by_default: "Nothing is copied into this table; the other tables are copied",
    change: "Add a default to the column in a migration of the application, or map a column of the source \
        to it in the configuration file",
};

/// A column only the source has.
pub static TARGET_MISSING_COLUMN: Rule = Rule {
    id: "target/missing-column",
    weight: Weight::Decision,
    what: "A column of the source does not exist in the target's table",
    by_default: "The column is skipped; the report shows how many of its values are not NULL, and so not \
        copied",
    change: "Add the column in a migration of the application, or set the name of the target's column in \
        the configuration file",
};

/// A table only the source has.
pub static TARGET_MISSING_TABLE: Rule = Rule {
    id: "target/missing-table",
    weight: Weight::Decision,
    what: "A table of the source does not exist in the target",
    by_default: "The table is skipped; the report shows how many rows are not copied",
    change: "Create the table in a migration of the application, set the name of the target's table in the \
        configuration file, or import without `--data-only`",
};

/// A column of the target whose type does not fit values of the source.
pub static TARGET_TYPE_TOO_NARROW: Rule = Rule {
    id: "target/type-too-narrow",
    weight: Weight::Decision,
    what: "The type of a column of the target does not fit every value of the source, such as integer for \
        values above 2,147,483,647",
    by_default: "The rows with these values are rejected with their keys and the reason, and the column is not altered; \
        all other rows are copied",
    change: "Set for the column (file or `--set`): `form = \"iso-utc\"` for instants without a UTC offset into timestamptz or \
        with one into timestamp, `misfit = \"bytes\"` for text into bytea, `round = true` for digits beyond those of the \
        column, `misfit = \"remove-nul\"`, or `misfit = \"null\"` to store NULL; or widen the column in a migration, or \
        correct the values",
};

/// The history table of a migration tool.
pub static TARGET_MIGRATION_TABLE: Rule = Rule {
    id: "target/migration-table",
    weight: Weight::Note,
    what: "A table is the history table of a migration tool, such as django_migrations, alembic_version or \
        schema_migrations",
    by_default: "The target's table is not changed, and the source's rows are not copied into it",
    change: "No change is needed: its rows describe the source's schema, not the target's. `--tables` with its name copies \
        it nevertheless",
};

/// A row above the limits of PostgreSQL.
pub static SIZE_ROW_TOO_LARGE: Rule = Rule {
    id: "size/row-too-large",
    weight: Weight::Decision,
    what: "A row exceeds a limit of PostgreSQL: a value, or all values of a row together, of 1 GB",
    by_default: "The row is rejected with its key and sizes, its values stay in the source, and all other \
        rows are copied",
    change: "Store such values outside of the database, or split them into several rows in the source",
};
