//! What the user chose for a copy of the tables of an application.

use serde::Serialize;

/// The options of a copy.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The tables to copy; empty for all.
    pub tables: Vec<String>,
    /// What is done about rows in the target that no earlier run from this source wrote.
    pub existing: Existing,
    /// Whether the tables of the target are dropped and created again.
    pub recreate: bool,
    /// Whether an unfinished run is restarted instead of continued: its tables are emptied.
    pub restart: bool,
    /// What is done about rows that are refused.
    pub on_error: OnError,
    /// Whether both sides are only compared, so that rows of the target block nothing.
    pub verify_only: bool,
}

/// What is done about a row that is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// The run ends.
    #[default]
    Stop,
    /// The row is rejected, the run goes on.
    Skip,
}

/// What is done about rows of the target that are not this source's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Existing {
    /// The run is refused.
    #[default]
    Refuse,
    /// They stay; rows are added beside them.
    Append,
    /// The selected tables, and no others, are emptied first.
    Clear,
}
