//! Copying: from one snapshot of a SQLite file into PostgreSQL.
//!
//! First both sides are checked and the run is planned ([`preflight`](crate::plan::preflight)); then tables are copied
//! ([`copy_all`]): of each worker, one thread reads and encodes, another writes batches by COPY, each in a transaction that
//! also advances a checkpoint. Rows that the target already has stay as they are. `verify` compares afterwards what was
//! copied; `run` holds the order of the stages.

mod all;
mod batch;
mod channel;
mod constraints;
mod context;
mod end;
mod finish;
mod judge;
mod make;
mod merge;
mod parts;
mod prepare;
mod queue;
mod raw;
mod reader;
mod rejects;
mod report;
mod retry;
mod retry_rejects;
mod worker;
mod write;

pub use all::copy_all;
pub use batch::{Batch, Batcher};
pub use constraints::{Restored, restore};
pub use context::CopyRun;
pub use end::end_run;
pub use finish::finish;
pub use prepare::prepare;
pub use raw::reject;
pub use rejects::{RejectFile, reject_file_name};
pub use report::{Status, TableReport};
pub use retry::{Failed, with_retries};
pub use retry_rejects::{forget_settled, retry_rejects};
pub use write::{Refused, Written, write_batch};
