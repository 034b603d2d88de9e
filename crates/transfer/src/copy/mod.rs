//! Copying: from one snapshot of a SQLite file into PostgreSQL.
//!
//! First everything that stands in the way is found, and a plan made of what will be done ([`preflight`]); then
//! tables are copied, parents before children ([`run`]): one thread reads and encodes, another writes batches by
//! COPY, each in a transaction that also remembers where its rows came from. Rows that are there already stay
//! as they are. What was copied is compared afterwards by `verify`.

mod application;
mod assemble;
mod batch;
mod channel;
mod clear;
mod constraints;
mod digest;
mod error;
mod finish;
mod keys;
mod lock;
mod make;
mod merge;
mod parts;
mod plan;
mod preflight;
mod prepare;
mod progress;
mod queue;
mod raw;
mod rejects;
mod report;
mod retry;
mod retry_rejects;
mod run;
mod sequences;
mod server;
mod source;
mod state;
mod target;
mod unfinished;
mod violations;
mod worker;
mod write;

pub use application::Application;
pub use assemble::{Given, MAKES_TABLES, Request, assemble};
pub use batch::{Batch, Batcher};
pub use constraints::restore;
pub use error::CopyError;
pub use finish::finish;
pub use lock::RunLock;
pub use plan::{
    Existing, Finding, FindingKind, Make, OnError, OnRefused, Options, Plan, SchemaPlan, TablePlan,
};
pub use preflight::preflight;
pub use prepare::prepare;
pub use progress::{Event, Stage};
pub use rejects::RejectFile;
pub use report::{Status, TableReport};
pub use retry_rejects::{forget_settled, retry_rejects};
pub use run::{Settings, begin_stage, end_run, reject_file_name, run};
pub use sequences::{SequenceState, continue_sequences, sequence_states};
pub use source::{Snapshot, SnapshotKind, Source, SourceChange, SourceError, SourceIdentity, SourceOptions};
pub use state::{
    LeftOut, Reject, RejectFilter, RunRecord, RunState, StageRecord, rejected_keys, remember_repair,
};
pub use target::{Sequence, Target};
pub use unfinished::refuse_unfinished;
