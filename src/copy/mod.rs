//! Copying: from one snapshot of a SQLite file into PostgreSQL.
//!
//! First everything that stands in the way is found, and a plan made of what will be done ([`preflight`]); then
//! tables are copied, parents before children ([`run`]): one thread reads and encodes, another writes batches by
//! COPY, each in a transaction that also remembers where its rows came from. Rows that are there already stay
//! as they are. What was copied is compared afterwards by `verify`.

mod batch;
mod clear;
mod error;
mod expected;
mod keys;
mod plan;
mod preflight;
mod progress;
mod report;
mod run;
mod sequences;
mod source;
mod target;

pub use batch::{Batch, Batcher};
pub use error::CopyError;
pub use expected::expected_catalog;
pub use plan::{Existing, Finding, FindingKind, Options, Plan, SchemaPlan, TablePlan};
pub use preflight::{preflight, select_tables};
pub use progress::{Event, Stage};
pub use report::{Status, TableReport};
pub use run::{prepare, run, take_target};
pub use sequences::{SequenceState, continue_sequences, sequence_states};
pub use source::{Snapshot, SnapshotKind, Source, SourceChange, SourceError, SourceIdentity, SourceOptions};
pub use target::{Sequence, Target};
