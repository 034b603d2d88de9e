//! Rows of one column, for queries in SQL.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

/// A row whose column `number` is an integer.
#[derive(QueryableByName)]
pub(crate) struct NumberRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(crate) number: Option<i64>,
}

/// A row whose column `yes` is a boolean.
#[derive(QueryableByName)]
pub(crate) struct YesNoRow {
    #[diesel(sql_type = Bool)]
    pub(crate) yes: bool,
}

/// A row whose column `words` is text.
#[derive(QueryableByName)]
pub(crate) struct TextRow {
    #[diesel(sql_type = Text)]
    pub(crate) words: String,
}
