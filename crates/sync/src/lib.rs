#![doc = include_str!("../README.md")]

mod apply;
mod begin;
pub mod capture;
mod collect;
mod compare;
mod detach;
mod error;
mod first_copy;
mod follow;
mod followed;
mod log;
mod owner;
mod position;
mod references;
mod report;
mod spool;
mod state;
mod status;
pub mod step;
mod stored;
mod subject;
mod sync;
mod watch;

pub use begin::{CopyMode, FirstCopy, plan_capture};
pub use compare::Comparing;
pub use detach::{DetachReport, detach, recapture};
pub use error::SyncError;
pub use position::Position;
pub use report::SyncReport;
pub use state::Doubt;
pub use status::{BrokenStatus, SyncStatus, VerifiedStatus};
pub use stored::StoredConversion;
pub use subject::Subject;
pub use sync::{SyncEvent, SyncObserver, SyncProgress, SyncSettings, status_of, sync};
