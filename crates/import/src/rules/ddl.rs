//! Rules about writing the schema of PostgreSQL.

mod columns;
mod keys;
mod relations;

use crate::finding::Rule;

pub use columns::*;
pub use keys::*;
pub use relations::*;

/// The rules about tables, views and columns that get another name.
pub static RENAMED: &[&Rule] = &[&NAME_CHANGED, &NAME_RESERVED_COLUMN, &NAME_RESERVED_TABLE];

/// Every rule of these modules.
pub static ALL: &[&Rule] = &[
    &NAME_CHANGED,
    &NAME_CONSTRAINT,
    &NAME_RESERVED_COLUMN,
    &NAME_RESERVED_TABLE,
    &TABLE_TOO_MANY_COLUMNS,
    &IDENTITY_NOT_INTEGER,
    &IDENTITY_EXHAUSTED,
    &GENERATED_STORED,
    &GENERATED_DOUBLE,
    &GENERATED_NOT_CARRIED,
    &DEFAULT_NOT_CARRIED,
    &DEFAULT_OTHER_FORM,
    &CHECK_NOT_CARRIED,
    &TEXT_ORDER,
    &KEY_NOT_CARRIED,
    &KEY_NULL,
    &KEY_NOCASE,
    &KEY_CITEXT,
    &KEY_RTRIM,
    &KEY_UNKNOWN_COLLATION,
    &KEY_JSON,
    &KEY_COARSER,
    &KEY_COLLIDES,
    &KEY_DUPLICATE,
    &KEY_LONG_VALUES,
    &INDEX_NOT_CARRIED,
    &INDEX_NO_ORDER,
    &INDEX_COLLATION,
    &INDEX_DUPLICATE,
    &INDEX_LONG_VALUES,
    &INDEX_NULL_ORDER,
    &FOREIGN_KEY_PROBLEM,
    &FOREIGN_KEY_NOTHING_UNIQUE,
    &FOREIGN_KEY_TYPES,
    &FOREIGN_KEY_LEFT_OUT,
    &FOREIGN_KEY_COLLATION,
    &FOREIGN_KEY_NOT_CARRIED,
    &FULL_TEXT_NOT_CARRIED,
    &FULL_TEXT_INDEX,
    &VIEW_NOT_CARRIED,
    &TRIGGER_NOT_CARRIED,
];
