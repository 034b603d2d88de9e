//! Rules about matching tables of the source with existing tables of the target, in addition to those of `import`.

use crate::finding::{Rule, Weight};

/// Every rule of this module.
pub static ALL: &[&Rule] = &[
    &TARGET_UNSUPPORTED_TYPE,
    &TARGET_AMBIGUOUS_NAME,
    &TARGET_GENERATED_COLUMN,
    &TARGET_ASSUMED_UTC,
    &TARGET_UNIT_UNKNOWN,
    &TARGET_LIKE_MIGRATIONS,
    &TARGET_MATERIALIZED_VIEW,
    &TARGET_OTHER_TYPE,
    &TARGET_ENUM,
    &TARGET_DOMAIN,
    &TARGET_UNUSED_DECISION,
];

/// A column of the target whose type is not supported.
pub static TARGET_UNSUPPORTED_TYPE: Rule = Rule {
    id: "target/unsupported-type",
    weight: Weight::Impossible,
    what: "The type of a column of the target is not supported for values from SQLite, such as an array, a range or \
        money",
    by_default: "Nothing is copied into this table; the other tables are copied",
    change: "Skip the column in the configuration file, or declare it as text in the application until the \
        import has finished",
};

/// Names that can be matched in more than one way.
pub static TARGET_AMBIGUOUS_NAME: Rule = Rule {
    id: "target/ambiguous-name",
    weight: Weight::Decision,
    what: "Names of the source and the target are equal except for letter case, or in their first 63 \
        bytes, and more than one match is possible",
    by_default: "None of them is matched, and they count as missing",
    change: "Set the name of the target's table or column in the configuration file",
};

/// A generated column of the target that the source stores.
pub static TARGET_GENERATED_COLUMN: Rule = Rule {
    id: "target/generated-column",
    weight: Weight::Decision,
    what: "A column of the target is generated (GENERATED ALWAYS AS), and the source stores values for it",
    by_default: "PostgreSQL computes the column; the source's values are not sent, and verification \
        reports those that differ",
    change: "Make it an ordinary column in a migration of the application, or skip it in the configuration \
        file",
};

/// Text without an offset that is read as UTC.
pub static TARGET_ASSUMED_UTC: Rule = Rule {
    id: "target/assumed-utc",
    weight: Weight::Note,
    what: "A column of the target is timestamp with time zone, and the source may hold instants as text \
        without an offset; the application's framework writes UTC, or `assume_utc` or `form = \"iso-utc\"` is set. Or a \
        column is timestamp, and `form = \"iso-utc\"` is set for it",
    by_default: "Text without an offset is read as UTC without conversion; text with an offset is converted with that \
        offset",
    change: "If the application wrote local times of another zone, set `assume_utc = false` or `form = \"iso\"` for the \
        column: rows with text without an offset are then rejected",
};

/// Numbers in a column of instants or durations, without a certain unit.
pub static TARGET_UNIT_UNKNOWN: Rule = Rule {
    id: "target/unit-unknown",
    weight: Weight::Decision,
    what: "A column of the target holds instants or durations, and the source holds numbers in it that are not all \
        between 1973-03-03 and 2200 in one unit (seconds, milliseconds or microseconds since 1970), or between 1800 and \
        2200 as Julian days",
    by_default: "Nothing is copied into this table, because each unit is another instant; the other tables are copied",
    change: "Set the unit for the column in the configuration file or with `--set`: `form = \"seconds\"`, \
        `form = \"milliseconds\"`, `form = \"microseconds\"` or `form = \"julian\"`",
};

/// A table that looks like the history of a migration tool.
pub static TARGET_LIKE_MIGRATIONS: Rule = Rule {
    id: "target/like-migrations",
    weight: Weight::Decision,
    what: "A table of both sides has a name and columns as the history tables of migration tools have them, and no table \
        refers to it",
    by_default: "The target's table is not changed, and the source's rows are not copied into it",
    change: "Name it with the other tables in `--tables` to copy its rows, or set `skip = true` for it",
};

/// A materialized view of the target.
pub static TARGET_MATERIALIZED_VIEW: Rule = Rule {
    id: "target/materialized-view",
    weight: Weight::Note,
    what: "The target has a materialized view, which contains the rows of its last refresh",
    by_default: "It is not refreshed: it does not contain the copied rows",
    change: "Add `--refresh-views` to refresh all of them at the end, or run REFRESH MATERIALIZED VIEW after the import",
};

/// A configured type or form that the target's column does not have.
pub static TARGET_OTHER_TYPE: Rule = Rule {
    id: "target/other-type",
    weight: Weight::Impossible,
    what: "The configuration file sets a type or a form for a column that the column of the target does not have",
    by_default: "Nothing is copied into this table; the other tables are copied",
    change: "Remove `type` from the column in the configuration file: the type is that of the target",
};

/// An enum type.
pub static TARGET_ENUM: Rule = Rule {
    id: "target/enum",
    weight: Weight::Note,
    what: "The type of a column of the target is an enum",
    by_default: "Text that is exactly one of its labels is copied; a row with another value is rejected",
    change: "Set `misfit = \"null\"` for the column to store NULL for other values, add the label to the type in a migration of the \
        application, or correct the value in the source",
};

/// A domain type.
pub static TARGET_DOMAIN: Rule = Rule {
    id: "target/domain",
    weight: Weight::Note,
    what: "The type of a column of the target is a domain",
    by_default: "Values are written as the domain's base type; PostgreSQL checks the domain's constraints, \
        and a row that violates them is rejected",
    change: "No change is needed unless rows are rejected: correct them in the source",
};

/// A setting for a table or column that does not exist.
pub static TARGET_UNUSED_DECISION: Rule = Rule {
    id: "target/unused-decision",
    weight: Weight::Decision,
    what: "The configuration file names a table or column that the source does not have with exactly this \
        name",
    by_default: "The entry has no effect",
    change: "Correct the name in the configuration file",
};
