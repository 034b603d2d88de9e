//! Copying: from one snapshot of a SQLite file into PostgreSQL.
//!
//! First both sides are checked and the run is planned ([`preflight`]); then tables are copied ([`copy_all`]): of each
//! worker, one thread reads and encodes, another writes batches by COPY, each in a transaction that also advances a
//! checkpoint. Rows that the target already has stay as they are. `verify` compares afterwards what was copied; `run`
//! holds the order of the stages.

mod all;
mod application;
mod batch;
mod channel;
mod clear;
mod constraints;
mod context;
mod control;
mod digest;
mod end;
mod error;
mod finding;
mod finish;
mod keys;
mod lock;
mod make;
mod merge;
mod parts;
mod plan;
mod prepare;
mod queue;
mod raw;
mod reader;
mod rejects;
mod report;
mod retry;
mod retry_rejects;
mod sequences;
mod server;
mod sizes;
mod source;
mod state;
mod target;
mod unfinished;
mod violations;
mod worker;
mod write;

pub use all::copy_all;
pub use application::Application;
pub use batch::{Batch, Batcher};
pub use constraints::restore;
pub use context::CopyRun;
pub use control::Control;
pub use end::end_run;
pub use error::CopyError;
pub use finding::{Finding, FindingKind};
pub use finish::finish;
pub use lock::RunLock;
pub use plan::{
    Existing, Given, MAKES_TABLES, Make, OnError, OnRefused, Options, Plan, Request, SchemaPlan, TablePlan,
    assemble, preflight,
};
pub use prepare::prepare;
pub use rejects::{RejectFile, reject_file_name};
pub use report::{Status, TableReport};
pub use retry_rejects::{forget_settled, retry_rejects};
pub use sequences::{SequenceState, continue_sequences, sequence_states};
pub use sizes::estimate_sizes;
pub use source::{Snapshot, SnapshotKind, Source, SourceChange, SourceError, SourceIdentity, SourceOptions};
pub use state::{
    LeftOut, Reject, RejectFilter, RunRecord, RunState, StageRecord, rejected_keys, remember_repair,
};
pub use target::{Sequence, Target};
pub use unfinished::refuse_unfinished;
