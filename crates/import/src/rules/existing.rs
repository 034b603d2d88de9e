//! What is found when tables of the source are matched with tables that are in the target already, beside the rules
//! of `import`.

use crate::finding::{Rule, Weight};

/// Every rule of this area.
pub static ALL: &[&Rule] = &[
    &TARGET_UNSUPPORTED_TYPE,
    &TARGET_AMBIGUOUS_NAME,
    &TARGET_GENERATED_COLUMN,
    &TARGET_ASSUMED_UTC,
    &TARGET_ENUM,
    &TARGET_DOMAIN,
    &TARGET_UNUSED_DECISION,
];

/// A column of the target whose type no value is written in.
pub static TARGET_UNSUPPORTED_TYPE: Rule = Rule {
    id: "target/unsupported-type",
    weight: Weight::Impossible,
    what: "A column of the target has a type that values of a SQLite database are not written in, such as inet, interval or an array",
    by_default: "Nothing is copied into this table; the other tables are",
    change: "Leave the column out in the configuration file, or let the application have it as text until the import is done",
};

/// Names that can be matched in more than one way.
pub static TARGET_AMBIGUOUS_NAME: Rule = Rule {
    id: "target/ambiguous-name",
    weight: Weight::Decision,
    what: "Names of the source and the target are alike but for letter case, or in their first 63 bytes, and more than one pair of them can be made",
    by_default: "None of them is matched, and they count as missing",
    change: "Name the table or column of the target in the configuration file",
};

/// A column that the target computes and the source holds.
pub static TARGET_GENERATED_COLUMN: Rule = Rule {
    id: "target/generated-column",
    weight: Weight::Decision,
    what: "A column of the target is computed there (GENERATED ALWAYS AS), and the source holds values for it that it does not compute",
    by_default: "The target computes the column; the source's values are not sent, and the verification names those that differ",
    change: "Make it an ordinary column in a migration of the application, or leave it out in the configuration file",
};

/// Text without an offset that is taken as UTC.
pub static TARGET_ASSUMED_UTC: Rule = Rule {
    id: "target/assumed-utc",
    weight: Weight::Note,
    what: "A column of the target is timestamp with time zone, and the source may hold instants as text without an offset; \
           the application's framework writes UTC there, or it was decided to take them so",
    by_default: "Such text is taken as UTC, digit for digit; text with an offset is taken with it",
    change: "Where the application wrote another zone's time, correct the source or give the column a type in the configuration file",
};

/// An enum.
pub static TARGET_ENUM: Rule = Rule {
    id: "target/enum",
    weight: Weight::Note,
    what: "A column of the target is an enum type",
    by_default: "Text that is one of its labels, letter for letter, is carried; a row with another value is set aside",
    change: "Add the label to the type in a migration of the application, or correct the value in the source",
};

/// A domain.
pub static TARGET_DOMAIN: Rule = Rule {
    id: "target/domain",
    weight: Weight::Note,
    what: "A column of the target is of a domain",
    by_default: "Values are written as the type below it; PostgreSQL holds them to the domain's constraints, and a row it refuses is set aside",
    change: "There is nothing to change, unless rows are set aside: correct them in the source",
};

/// A decision about nothing.
pub static TARGET_UNUSED_DECISION: Rule = Rule {
    id: "target/unused-decision",
    weight: Weight::Decision,
    what: "The configuration file decides about a table or column that the source does not have under this name, letter for letter",
    by_default: "The decision changes nothing, and everything else is done",
    change: "Correct the name in the configuration file",
};
