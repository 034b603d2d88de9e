//! The options of the translation.

use crate::translate::{LikeAs, Relations};

/// The options of the translation.
#[derive(Clone, Default)]
pub struct AdaptOptions<'a> {
    /// The columns of the key that identifies the row INSERT OR REPLACE replaces. If the tables are not known, columns that
    /// the statement does not list keep their values, where SQLite would assign their defaults.
    pub conflict_target: Option<Vec<String>>,
    /// The translation of LIKE.
    pub like: LikeAs,
    /// The tables, if they are known.
    pub relations: Option<&'a dyn Relations>,
}
