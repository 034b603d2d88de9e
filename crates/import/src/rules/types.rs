//! Rules about choosing types: values, keys and declared types.

use crate::finding::{Rule, Weight};

/// Every rule of this module.
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
    &BLOB_REJECTED,
    &NUMBER_IN_BLOB,
    &INCOMPATIBLE_REJECTED,
    &NO_BLOB_IN_BLOB,
    &MIXED_UNTYPED,
    &UNKNOWN_NAME,
    &NOT_UUID,
    &BY_DEFAULT,
    &BY_NAME,
    &FORCED_MISFIT,
    &MISFIT_DECIDED,
    &PADDED,
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
    what: "A column declared as an integer holds values that need more than 32 bits, or generates such \
        values next",
    by_default: "The column becomes bigint",
    change: "Set `type` for the column, or `integers = \"declared\"` to reject such rows",
};

/// `type/out-of-declared`.
pub static OUT_OF_DECLARED: Rule = Rule {
    id: "type/out-of-declared",
    weight: Weight::Decision,
    what: "A column holds values outside the range of its declared integer type, and `integers = \
        \"declared\"` keeps that type",
    by_default: "Rows with such values are rejected",
    change: "Set `integers = \"auto\"`, or `type` or `misfit` for the column",
};

/// `type/real-in-integer`.
pub static REAL_IN_INTEGER: Rule = Rule {
    id: "type/real-in-integer",
    weight: Weight::Widened,
    what: "A column declared as integer or boolean holds numbers with a fraction or an exponent",
    by_default: "The column becomes double precision, which represents all of its numbers exactly",
    change: "Set `type` for the column",
};

/// `type/to-numeric`.
pub static INTEGER_TO_NUMERIC: Rule = Rule {
    id: "type/to-numeric",
    weight: Weight::Widened,
    what: "A column holds numbers that neither bigint nor double precision can represent exactly",
    by_default: "The column becomes numeric without precision and scale",
    change: "Set `type` for the column",
};

/// `type/decimal-too-wide`.
pub static DECIMAL_TOO_WIDE: Rule = Rule {
    id: "type/decimal-too-wide",
    weight: Weight::Widened,
    what: "A column declared as a decimal holds numbers with more digits than declared",
    by_default: "The column becomes numeric without precision and scale; nothing is rounded",
    change: "Set `type` for the column, such as `numeric(20,6)`",
};

/// `type/decimal-from-real`.
pub static DECIMAL_FROM_REAL: Rule = Rule {
    id: "type/decimal-from-real",
    weight: Weight::Note,
    what: "A column declared as a decimal holds binary floating-point numbers, which is how SQLite stores \
        decimals",
    by_default: "Each is converted to the shortest decimal number that reads back as the same value",
    change: "Set `type = \"double precision\"` for the column",
};

/// `type/not-boolean`.
pub static NOT_BOOLEAN: Rule = Rule {
    id: "type/not-boolean",
    weight: Weight::Widened,
    what: "A column declared as boolean holds values other than 0, 1, true and false",
    by_default: "The type is chosen from the values",
    change: "Set `type = \"boolean\"` for the column: it also reads t and f, yes and no, on and off; with `misfit = \"null\"` \
        other values become NULL",
};

/// `type/text-in-number`.
pub static TEXT_IN_NUMBER: Rule = Rule {
    id: "type/text-in-number",
    weight: Weight::Widened,
    what: "A column declared as number or boolean holds text that is not a number or boolean",
    by_default: "The column becomes text, with numbers in SQLite's text form",
    change: "Use `--incompatible reject`, or `incompatible = \"reject\"` for the column, to keep the number type and \
        reject these rows; or set `type` for the column, with `misfit` for the incompatible values",
};

/// `type/number-in-text`.
pub static NUMBER_IN_TEXT: Rule = Rule {
    id: "type/number-in-text",
    weight: Weight::Note,
    what: "A text column holds values of storage class INTEGER or REAL",
    by_default: "They are converted to SQLite's text form",
    change: "Set `type` for the column",
};

/// `type/varchar-too-long`.
pub static VARCHAR_TOO_LONG: Rule = Rule {
    id: "type/varchar-too-long",
    weight: Weight::Widened,
    what: "Text values are longer than the declared type allows",
    by_default: "The column becomes text; nothing is truncated",
    change: "Set `type` for the column, such as `varchar(200)`",
};

/// `type/blob-in-typed`.
pub static BLOB_IN_TYPED: Rule = Rule {
    id: "type/blob-in-typed",
    weight: Weight::Widened,
    what: "A column declared with another type holds only BLOBs",
    by_default: "The column becomes bytea",
    change: "Set `type` for the column",
};

/// `type/blob-beside-others`.
pub static BLOB_BESIDE_OTHERS: Rule = Rule {
    id: "type/blob-beside-others",
    weight: Weight::Widened,
    what: "A column that is declared as BLOB, or that has no declared type and holds mostly BLOBs, holds text as well",
    by_default: "The column becomes bytea, and text is stored as its bytes in UTF-8",
    change: "Set `type` for the column, with `misfit` for the incompatible values",
};

/// `type/blob-rejected`.
pub static BLOB_REJECTED: Rule = Rule {
    id: "type/blob-rejected",
    weight: Weight::Decision,
    what: "A column that is not declared as BLOB holds BLOBs beside other values",
    by_default: "The type is chosen for the other values, and the rows with a BLOB are rejected with key, column and \
        reason",
    change: "Set `type = \"bytea\"` with `misfit = \"bytes\"` for the column to store text as its bytes, or `misfit = \
        \"null\"` to convert BLOBs to NULL",
};

/// `type/number-in-blob`.
pub static NUMBER_IN_BLOB: Rule = Rule {
    id: "type/number-in-blob",
    weight: Weight::Decision,
    what: "A column that becomes bytea holds numbers beside BLOBs",
    by_default: "The rows with a number are rejected with key, column and reason",
    change: "Convert these values in a copy of the file, or set `misfit = \"null\"` for a column without text",
};

/// `type/incompatible-rejected`.
pub static INCOMPATIBLE_REJECTED: Rule = Rule {
    id: "type/incompatible-rejected",
    weight: Weight::Decision,
    what: "Values are incompatible with the type that the other values of their column have",
    by_default: "With `--incompatible reject`, and where no type has all values, the column keeps the type, and their \
        rows are rejected with key, column and reason",
    change: "Use `--incompatible widen`, or `incompatible = \"widen\"` for the column: it gets a type for all values \
        where there is one",
};

/// `type/no-blob-in-blob`.
pub static NO_BLOB_IN_BLOB: Rule = Rule {
    id: "type/no-blob-in-blob",
    weight: Weight::Widened,
    what: "A column declared as BLOB holds no BLOBs",
    by_default: "The type is chosen from the values, or is bytea if a text contains NUL or is not \
        well-formed",
    change: "Set `type = \"bytea\"` with `misfit = \"bytes\"` for the column",
};

/// `type/mixed-untyped`.
pub static MIXED_UNTYPED: Rule = Rule {
    id: "type/mixed-untyped",
    weight: Weight::Widened,
    what: "A column without a meaningful declared type holds both numbers and text",
    by_default: "The column becomes text, with numbers in SQLite's text form",
    change: "Set `type` for the column",
};

/// `type/unknown-name`.
pub static UNKNOWN_NAME: Rule = Rule {
    id: "type/unknown-name",
    weight: Weight::Note,
    what: "The declared type of a column is not known",
    by_default: "The type is chosen from the values",
    change: "Set `type` for the column",
};

/// `type/not-uuid`.
pub static NOT_UUID: Rule = Rule {
    id: "type/not-uuid",
    weight: Weight::Widened,
    what: "A column declared as UUID holds other values, or UUIDs in several formats",
    by_default: "The column becomes text, or bytea if it holds BLOBs",
    change: "Set `type = \"uuid\"` for the column: it reads UUIDs in any letter case, with or without hyphens, and of 16 bytes; \
        `misfit` handles other values",
};

/// `type/by-default`.
pub static BY_DEFAULT: Rule = Rule {
    id: "type/by-default",
    weight: Weight::Note,
    what: "A column without values has a default of another type than it is declared, or a column of integers has a \
        default of more than 32 bits",
    by_default: "The column gets the type that it would have with the default as a value",
    change: "Set `type` for the column",
};

/// `type/by-name`.
pub static BY_NAME: Rule = Rule {
    id: "type/by-name",
    weight: Weight::Note,
    what: "A column without values has the name and declared type of columns in other tables, whose values have another \
        type than declared",
    by_default: "The column gets the type of those columns, so that they can be joined",
    change: "Set `type` for the column",
};

/// `type/forced-misfit`.
pub static FORCED_MISFIT: Rule = Rule {
    id: "type/forced-misfit",
    weight: Weight::Decision,
    what: "Values are incompatible with the type that the configuration file sets",
    by_default: "Their rows are rejected",
    change: "Set another `type`, or `misfit`, for the column",
};

/// `type/misfit-decided`.
pub static MISFIT_DECIDED: Rule = Rule {
    id: "type/misfit-decided",
    weight: Weight::Note,
    what: "Values are incompatible with their type, and the configuration file sets how to handle them",
    by_default: "They are handled as configured, and every such value is reported",
    change: "Set another `type` or `misfit` for the column",
};

/// `text/padded`.
pub static PADDED: Rule = Rule {
    id: "text/padded",
    weight: Weight::Note,
    what: "A column of PostgreSQL is character(n), which pads text with spaces and ignores spaces at its end",
    by_default: "Text of up to n characters is copied; verification compares it without spaces at its end, as \
        PostgreSQL does",
    change: "No change is needed; a column of the type varchar(n) keeps spaces at the end",
};

/// `text/empty-in-typed`.
pub static EMPTY_TEXT: Rule = Rule {
    id: "text/empty-in-typed",
    weight: Weight::Widened,
    what: "A column that is not declared as text contains empty strings",
    by_default: "The column becomes text, so that the empty strings are preserved",
    change: "Set `type` with `misfit = \"null\"` for the column to convert them to NULL",
};

/// `text/nul`.
pub static NUL: Rule = Rule {
    id: "text/nul",
    weight: Weight::Decision,
    what: "Text values contain the character NUL, which PostgreSQL's text cannot store",
    by_default: "Their rows are rejected",
    change: "Set `misfit` for the column: `remove-nul`, `null`, or `bytes` with type bytea",
};

/// `text/not-utf8`.
pub static NOT_UTF8: Rule = Rule {
    id: "text/not-utf8",
    weight: Weight::Decision,
    what: "Text values are not well-formed: their bytes are not UTF-8, or they contain an unpaired surrogate",
    by_default: "Their rows are rejected",
    change: "Set `misfit` for the column: `null`, or `bytes` with type bytea",
};

/// `json/not-jsonb`.
pub static JSON_NOT_JSONB: Rule = Rule {
    id: "json/not-jsonb",
    weight: Weight::Widened,
    what: "JSON values cannot be stored as jsonb without loss, such as objects with duplicate keys",
    by_default: "The column becomes json, which keeps the text unchanged",
    change: "Set `type = \"jsonb\"` for the column, with `misfit` for those values",
};

/// `json/not-json`.
pub static NOT_JSON: Rule = Rule {
    id: "json/not-json",
    weight: Weight::Widened,
    what: "A column declared as JSON holds values that are not valid JSON",
    by_default: "The column becomes text",
    change: "Set `type = \"json\"` or `\"jsonb\"` for the column, with `misfit` for those values",
};

/// `json/as-jsonb`.
pub static AS_JSONB: Rule = Rule {
    id: "json/as-jsonb",
    weight: Weight::Note,
    what: "A JSON column becomes jsonb, which does not preserve whitespace and key order",
    by_default: "Every value is copied; its text form may differ",
    change: "Set `type = \"json\"` for the column to keep the text unchanged",
};

/// `time/epoch`.
pub static EPOCH: Rule = Rule {
    id: "time/epoch",
    weight: Weight::Note,
    what: "A column declared as a date or time holds Unix timestamps or Julian days",
    by_default: "They are converted to the instants they represent, in UTC",
    change: "Set `type = \"bigint\"` or `\"double precision\"` for the column to keep the numbers",
};

/// `time/unit-unknown`.
pub static UNIT_UNKNOWN: Rule = Rule {
    id: "time/unit-unknown",
    weight: Weight::Widened,
    what: "A column declared as a date or time holds numbers whose unit is ambiguous: not all of them, without zeros, are \
        instants between 1973-03-03 and 2200 in one unit",
    by_default: "The values stay numbers; if `type` is set without `form`, their rows are rejected",
    change: "Set the unit for the column: `form = \"seconds\"`, `form = \"milliseconds\"`, \
        `form = \"microseconds\"` or `form = \"julian\"`",
};

/// `time/mixed-forms`.
pub static MIXED_FORMS: Rule = Rule {
    id: "time/mixed-forms",
    weight: Weight::Widened,
    what: "A column declared as a date or time holds values in several formats, or other text",
    by_default: "The column becomes text, so that no value changes",
    change: "Set `type` and `form` for the column, with `misfit` for values in other formats",
};

/// `time/zero-date`.
pub static ZERO_DATE: Rule = Rule {
    id: "time/zero-date",
    weight: Weight::Widened,
    what: "A column holds dates of the year 0000, which are not valid dates",
    by_default: "The column becomes text, so that these values are preserved",
    change: "Set `type` with `misfit = \"null\"` for the column to convert them to NULL",
};

/// `time/with-offset`.
pub static WITH_OFFSET: Rule = Rule {
    id: "time/with-offset",
    weight: Weight::Widened,
    what: "A column declared without a time zone holds instants with a UTC offset",
    by_default: "The column becomes timestamptz: the instants are preserved, the original offsets are not",
    change: "Set `type = \"text\"` for the column to keep the text unchanged, or `type = \"timestamp\"` with `form = \"iso-utc\"` \
        to store them in UTC",
};

/// `time/no-offset`.
pub static NO_OFFSET: Rule = Rule {
    id: "time/no-offset",
    weight: Weight::Widened,
    what: "A column declared with a time zone holds local times without a UTC offset",
    by_default: "The column becomes timestamp; no time zone is assumed",
    change: "Set `type = \"timestamptz\"` with `form = \"iso-utc\"` for the column if they are in UTC, or `type = \"text\"` to keep \
        the text unchanged",
};

/// `time/only-dates`.
pub static ONLY_DATES: Rule = Rule {
    id: "time/only-dates",
    weight: Weight::Widened,
    what: "A column declared as date and time holds only dates",
    by_default: "The column becomes date",
    change: "Set `type = \"timestamp\"` for the column to store each date as its midnight, or `type = \"text\"` to keep the text \
        unchanged",
};

/// `time/date-with-time`.
pub static DATE_WITH_TIME: Rule = Rule {
    id: "time/date-with-time",
    weight: Weight::Widened,
    what: "A column declared as a date holds times of day as well",
    by_default: "The column becomes timestamp or timestamptz",
    change: "Set `type = \"text\"` for the column to keep the text unchanged",
};

/// `time/midnight`.
pub static MIDNIGHT: Rule = Rule {
    id: "time/midnight",
    weight: Weight::Note,
    what: "A column declared as a date holds dates with the time 00:00",
    by_default: "The column becomes date",
    change: "Set `type = \"timestamp\"` for the column to keep the time of day",
};

/// `null/in-not-null`.
pub static NULL_IN_NOT_NULL: Rule = Rule {
    id: "null/in-not-null",
    weight: Weight::Decision,
    what: "A column declared NOT NULL contains NULL, for instance after an edit of sqlite_schema",
    by_default: "The column is nullable in the target; every row is copied",
    change: "Assign a value to those rows before the import",
};

/// `null/in-primary-key`.
pub static NULL_IN_KEY: Rule = Rule {
    id: "null/in-primary-key",
    weight: Weight::Note,
    what: "A column of a primary key contains NULL, which SQLite accepts",
    by_default: "The column is nullable in the target",
    change: "Assign a key to those rows before the import",
};

/// `key/joined-type`.
pub static JOINED: Rule = Rule {
    id: "key/joined-type",
    weight: Weight::Widened,
    what: "The referencing and the referenced columns of a foreign key would get different types",
    by_default: "All of them get the wider type",
    change: "Set the same `type` for all of these columns",
};

/// `identity/no-number-left`.
pub static NO_NUMBER_LEFT: Rule = Rule {
    id: "identity/no-number-left",
    weight: Weight::Decision,
    what: "An INTEGER PRIMARY KEY has reached the maximum of a 64-bit integer",
    by_default: "The column is no identity column: an INSERT must supply its value",
    change: "Renumber the row with the highest key before the import",
};

/// `decision/skipped`.
pub static SKIPPED: Rule = Rule {
    id: "decision/skipped",
    weight: Weight::Note,
    what: "The configuration file skips a table or column",
    by_default: "The table or column is not converted and its values are not copied",
    change: "Remove `skip` from the configuration file",
};

#[cfg(test)]
mod tests;
