//! What all functions of a comparison share.

use std::sync::Arc;

use super::options::VerifyOptions;
use crate::control::Control;
use crate::source::Source;
use crate::table::Table;
use crate::target::Target;
use crate::target::state::SkippedObject;
use databases::catalog::Catalog;

/// A comparison of both sides: what is compared, and how.
pub struct Comparison<'a> {
    /// The SQLite database.
    pub source: &'a mut Source,
    /// The PostgreSQL database.
    pub target: &'a mut Target,
    /// The tables, parents before children, as they are compared.
    pub tables: &'a [Arc<dyn Table>],
    /// What the catalog of the target must be.
    pub expected: &'a Catalog,
    /// How much is compared, and what counts as a difference.
    pub options: &'a VerifyOptions,
    /// Objects that are known not to be in force: they are not reported again.
    pub skipped: &'a [SkippedObject],
    /// The interruption and the observer.
    pub control: Control<'a>,
}
