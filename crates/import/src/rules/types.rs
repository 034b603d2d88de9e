//! What is found about types, values and keys when types are chosen.

use crate::finding::{Rule, Weight};

/// All of them.
pub static ALL: &[&Rule] = &[
    &INTEGER_TO_BIGINT,
    &OUT_OF_DECLARED,
    &REAL_IN_INTEGER,
    &INTEGER_TO_NUMERIC,
    &DECIMAL_TOO_WIDE,
    &DECIMAL_FROM_REAL,
    &NOT_BOOLEAN,
    &TEXT_IN_NUMBER,
    &NUMBER_IN_TEXT,
    &VARCHAR_TOO_LONG,
    &BLOB_IN_TYPED,
    &BLOB_BESIDE_OTHERS,
    &NO_BLOB_IN_BLOB,
    &MIXED_UNTYPED,
    &UNKNOWN_NAME,
    &NOT_UUID,
    &FORCED_MISFIT,
    &MISFIT_DECIDED,
    &EMPTY_TEXT,
    &NUL,
    &NOT_UTF8,
    &JSON_NOT_JSONB,
    &NOT_JSON,
    &AS_JSONB,
    &EPOCH,
    &UNIT_UNKNOWN,
    &MIXED_FORMS,
    &ZERO_DATE,
    &WITH_OFFSET,
    &NO_OFFSET,
    &ONLY_DATES,
    &DATE_WITH_TIME,
    &MIDNIGHT,
    &NULL_IN_NOT_NULL,
    &NULL_IN_KEY,
    &JOINED,
    &NO_NUMBER_LEFT,
    &SKIPPED,
];

/// `type/integer-to-bigint`.
pub static INTEGER_TO_BIGINT: Rule = Rule {
    id: "type/integer-to-bigint",
    weight: Weight::Widened,
    what: "A column declared for integers holds some that need more than 32 bits, or will give out such numbers next",
    by_default: "It becomes bigint",
    change: "Set `type` for the column, or `integers = \"declared\"` to set such rows aside",
};

/// `type/out-of-declared`.
pub static OUT_OF_DECLARED: Rule = Rule {
    id: "type/out-of-declared",
    weight: Weight::Decision,
    what: "A column holds values that its declared integer type does not hold, and `integers = \"declared\"` keeps that type",
    by_default: "Rows with such values are set aside",
    change: "Set `integers = \"auto\"`, or `type` or `misfit` for the column",
};

/// `type/real-in-integer`.
pub static REAL_IN_INTEGER: Rule = Rule {
    id: "type/real-in-integer",
    weight: Weight::Widened,
    what: "A column declared for integers or truth values holds numbers with a fraction or an exponent",
    by_default: "It becomes double precision, which holds all of its numbers exactly",
    change: "Set `type` for the column",
};

/// `type/to-numeric`.
pub static INTEGER_TO_NUMERIC: Rule = Rule {
    id: "type/to-numeric",
    weight: Weight::Widened,
    what: "A column holds numbers that neither bigint nor double precision holds all exactly",
    by_default: "It becomes numeric without limits",
    change: "Set `type` for the column",
};

/// `type/decimal-too-wide`.
pub static DECIMAL_TOO_WIDE: Rule = Rule {
    id: "type/decimal-too-wide",
    weight: Weight::Widened,
    what: "A column declared as a decimal holds numbers with more digits than declared",
    by_default: "It becomes numeric without limits; nothing is rounded",
    change: "Set `type` for the column, such as `numeric(20,6)`",
};

/// `type/decimal-from-real`.
pub static DECIMAL_FROM_REAL: Rule = Rule {
    id: "type/decimal-from-real",
    weight: Weight::Note,
    what: "A column declared as a decimal holds binary floating point numbers, as SQLite stores decimals",
    by_default: "Each is taken as the shortest decimal number that stands for it",
    change: "Set `type = \"double precision\"` for the column",
};

/// `type/not-boolean`.
pub static NOT_BOOLEAN: Rule = Rule {
    id: "type/not-boolean",
    weight: Weight::Widened,
    what: "A column declared for truth values holds others than 0, 1, true and false",
    by_default: "It becomes what its values need",
    change: "Set `type = \"boolean\"` with `misfit = \"null\"` for the column",
};

/// `type/text-in-number`.
pub static TEXT_IN_NUMBER: Rule = Rule {
    id: "type/text-in-number",
    weight: Weight::Widened,
    what: "A column declared for numbers or truth values holds text that is none",
    by_default: "It becomes text, with the numbers as SQLite writes them",
    change: "Set `type` for the column, with `misfit` for the values that do not fit",
};

/// `type/number-in-text`.
pub static NUMBER_IN_TEXT: Rule = Rule {
    id: "type/number-in-text",
    weight: Weight::Note,
    what: "A text column holds numbers by storage class",
    by_default: "They are taken as SQLite writes them",
    change: "Set `type` for the column",
};

/// `type/varchar-too-long`.
pub static VARCHAR_TOO_LONG: Rule = Rule {
    id: "type/varchar-too-long",
    weight: Weight::Widened,
    what: "Texts are longer than the declared type says",
    by_default: "The column becomes text; nothing is cut",
    change: "Set `type` for the column, such as `varchar(200)`",
};

/// `type/blob-in-typed`.
pub static BLOB_IN_TYPED: Rule = Rule {
    id: "type/blob-in-typed",
    weight: Weight::Widened,
    what: "A column declared for something else holds nothing but BLOBs",
    by_default: "It becomes bytea",
    change: "Set `type` for the column",
};

/// `type/blob-beside-others`.
pub static BLOB_BESIDE_OTHERS: Rule = Rule {
    id: "type/blob-beside-others",
    weight: Weight::Widened,
    what: "A column holds BLOBs beside other values",
    by_default: "It becomes bytea, with texts as their bytes and numbers as the bytes of their text",
    change: "Set `type` for the column, with `misfit` for the values that do not fit",
};

/// `type/no-blob-in-blob`.
pub static NO_BLOB_IN_BLOB: Rule = Rule {
    id: "type/no-blob-in-blob",
    weight: Weight::Widened,
    what: "A column declared for bytes holds none",
    by_default: "It becomes what its values are, or bytea where a text has NUL or is not well-formed",
    change: "Set `type = \"bytea\"` with `misfit = \"bytes\"` for the column",
};

/// `type/mixed-untyped`.
pub static MIXED_UNTYPED: Rule = Rule {
    id: "type/mixed-untyped",
    weight: Weight::Widened,
    what: "A column whose declared type says nothing holds numbers beside text",
    by_default: "It becomes text, with the numbers as SQLite writes them",
    change: "Set `type` for the column",
};

/// `type/unknown-name`.
pub static UNKNOWN_NAME: Rule = Rule {
    id: "type/unknown-name",
    weight: Weight::Note,
    what: "A declared type is a name that is not known",
    by_default: "The type is chosen by the values alone",
    change: "Set `type` for the column",
};

/// `type/not-uuid`.
pub static NOT_UUID: Rule = Rule {
    id: "type/not-uuid",
    weight: Weight::Widened,
    what: "A column declared for UUIDs holds other values, or UUIDs in several forms",
    by_default: "It becomes text, or bytea where there are BLOBs",
    change: "Set `type = \"uuid\"` for the column, with `form` and `misfit`",
};

/// `type/forced-misfit`.
pub static FORCED_MISFIT: Rule = Rule {
    id: "type/forced-misfit",
    weight: Weight::Decision,
    what: "Values do not fit the type that was decided on",
    by_default: "Their rows are set aside",
    change: "Set another `type`, or `misfit`, for the column",
};

/// `type/misfit-decided`.
pub static MISFIT_DECIDED: Rule = Rule {
    id: "type/misfit-decided",
    weight: Weight::Note,
    what: "Values do not fit their type, and it was decided what becomes of them",
    by_default: "It is done as decided, and every such value is named",
    change: "Set another `type` or `misfit` for the column",
};

/// `text/empty-in-typed`.
pub static EMPTY_TEXT: Rule = Rule {
    id: "text/empty-in-typed",
    weight: Weight::Widened,
    what: "A column that is not declared for text holds text without a character",
    by_default: "It becomes text, so that the empty text stays what it is",
    change: "Set `type` with `misfit = \"null\"` for the column to make it NULL",
};

/// `text/nul`.
pub static NUL: Rule = Rule {
    id: "text/nul",
    weight: Weight::Decision,
    what: "Texts hold the character NUL, which PostgreSQL's text cannot",
    by_default: "Their rows are set aside",
    change: "Set `misfit` for the column: `remove-nul`, `null`, or `bytes` with type bytea",
};

/// `text/not-utf8`.
pub static NOT_UTF8: Rule = Rule {
    id: "text/not-utf8",
    weight: Weight::Decision,
    what: "Texts are not well-formed: their bytes are not UTF-8, or half of a surrogate pair",
    by_default: "Their rows are set aside",
    change: "Set `misfit` for the column: `null`, or `bytes` with type bytea",
};

/// `json/not-jsonb`.
pub static JSON_NOT_JSONB: Rule = Rule {
    id: "json/not-jsonb",
    weight: Weight::Widened,
    what: "JSON cannot be jsonb without loss, as where an object names a key twice",
    by_default: "The column becomes json: the text as it stands",
    change: "Set `type = \"jsonb\"` for the column, with `misfit` for those values",
};

/// `json/not-json`.
pub static NOT_JSON: Rule = Rule {
    id: "json/not-json",
    weight: Weight::Widened,
    what: "A column declared for JSON holds values that are not JSON text",
    by_default: "It becomes text",
    change: "Set `type = \"json\"` or `\"jsonb\"` for the column, with `misfit` for those values",
};

/// `json/as-jsonb`.
pub static AS_JSONB: Rule = Rule {
    id: "json/as-jsonb",
    weight: Weight::Note,
    what: "JSON becomes jsonb, which keeps the value and not the spaces and the order of keys",
    by_default: "Every value arrives, written otherwise",
    change: "Set `type = \"json\"` for the column to keep the text as it stands",
};

/// `time/epoch`.
pub static EPOCH: Rule = Rule {
    id: "time/epoch",
    weight: Weight::Note,
    what: "A column declared for dates or times holds numbers that count from 1970, or Julian days",
    by_default: "They become the instants they stand for, in UTC",
    change: "Set `type = \"bigint\"` or `\"double precision\"` for the column to keep the numbers",
};

/// `time/unit-unknown`.
pub static UNIT_UNKNOWN: Rule = Rule {
    id: "time/unit-unknown",
    weight: Weight::Widened,
    what: "A column declared for dates or times holds numbers of which it is not certain what they count",
    by_default: "They stay numbers",
    change: "Set `type` and `form` for the column, such as `timestamp` and `seconds`",
};

/// `time/mixed-forms`.
pub static MIXED_FORMS: Rule = Rule {
    id: "time/mixed-forms",
    weight: Weight::Widened,
    what: "A column declared for dates or times holds values in several forms, or other text",
    by_default: "It becomes text, so that nothing changes",
    change: "Set `type` and `form` for the column, with `misfit` for the values of other forms",
};

/// `time/zero-date`.
pub static ZERO_DATE: Rule = Rule {
    id: "time/zero-date",
    weight: Weight::Widened,
    what: "A column holds dates of the year 0000, which are no dates",
    by_default: "It becomes text, so that they stay what they are",
    change: "Set `type` with `misfit = \"null\"` for the column to make them NULL",
};

/// `time/with-offset`.
pub static WITH_OFFSET: Rule = Rule {
    id: "time/with-offset",
    weight: Weight::Widened,
    what: "A column declared without a time zone holds instants with an offset from UTC",
    by_default: "It becomes timestamptz: the same instants, without the offset they were written in",
    change: "Set `type = \"text\"` for the column to keep the text as it stands",
};

/// `time/no-offset`.
pub static NO_OFFSET: Rule = Rule {
    id: "time/no-offset",
    weight: Weight::Widened,
    what: "A column declared with a time zone holds local times without an offset from UTC",
    by_default: "It becomes timestamp; no time zone is guessed",
    change: "Set `type = \"text\"` for the column to keep the text as it stands",
};

/// `time/only-dates`.
pub static ONLY_DATES: Rule = Rule {
    id: "time/only-dates",
    weight: Weight::Widened,
    what: "A column declared for dates with times holds dates alone",
    by_default: "It becomes date",
    change: "Set `type = \"text\"` for the column to keep the text as it stands",
};

/// `time/date-with-time`.
pub static DATE_WITH_TIME: Rule = Rule {
    id: "time/date-with-time",
    weight: Weight::Widened,
    what: "A column declared for dates holds times of day with them",
    by_default: "It becomes timestamp or timestamptz",
    change: "Set `type = \"text\"` for the column to keep the text as it stands",
};

/// `time/midnight`.
pub static MIDNIGHT: Rule = Rule {
    id: "time/midnight",
    weight: Weight::Note,
    what: "A column declared for dates holds midnights",
    by_default: "It becomes date",
    change: "Set `type = \"timestamp\"` for the column to keep the time of day",
};

/// `null/in-not-null`.
pub static NULL_IN_NOT_NULL: Rule = Rule {
    id: "null/in-not-null",
    weight: Weight::Decision,
    what: "A column declared NOT NULL holds NULL, as after a change of the schema's own table",
    by_default: "It is nullable in the target; every row arrives",
    change: "Give those rows a value before the move",
};

/// `null/in-primary-key`.
pub static NULL_IN_KEY: Rule = Rule {
    id: "null/in-primary-key",
    weight: Weight::Note,
    what: "A column of a primary key holds NULL, which SQLite accepts",
    by_default: "It is nullable in the target",
    change: "Give those rows a key before the move",
};

/// `key/joined-type`.
pub static JOINED: Rule = Rule {
    id: "key/joined-type",
    weight: Weight::Widened,
    what: "The columns of a foreign key and those it refers to would become different types",
    by_default: "All of them become the wider one",
    change: "Set the same `type` for all of these columns",
};

/// `identity/no-number-left`.
pub static NO_NUMBER_LEFT: Rule = Rule {
    id: "identity/no-number-left",
    weight: Weight::Decision,
    what: "A column that numbers its rows has given out the last number there is",
    by_default: "It is an ordinary column: new rows need a number of their own",
    change: "Renumber the row with the highest number before the move",
};

/// `decision/skipped`.
pub static SKIPPED: Rule = Rule {
    id: "decision/skipped",
    weight: Weight::Note,
    what: "A table or column is left out, as was decided",
    by_default: "Nothing of it is carried",
    change: "Remove `skip` from the decisions",
};

#[cfg(test)]
mod tests;
