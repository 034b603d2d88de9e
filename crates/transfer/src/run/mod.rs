//! Running: the order of the stages of a run, what is observed of it, and its report.
//!
//! A command builds settings and, where rows are copied, a [`Planner`], and calls one function: [`execute`] for a copy or
//! an import, [`compare`] for a verification, [`retry`] for rejects, [`restore`] for dropped definitions,
//! [`forget`] for the records themselves. Each reports
//! to an [`Observer`] while it works and returns a report. Nothing here prints or asks: confirmation is a callback.

mod compare;
mod context;
mod end;
mod error;
mod execute;
mod forget;
mod observer;
mod planner;
mod report;
mod restore;
mod retry;
mod settings;
mod stage;
mod stages;
mod subject;
mod write;

pub use crate::copy::Restored;
pub use compare::compare;
pub use error::{CallerError, RunError};
pub use execute::execute;
pub use forget::{ForgetSettings, Records, forget};
pub use observer::{Event, NoObserver, Observer};
pub use planner::{ApplicationPlanner, Planner};
pub use report::{FindingReport, PlannedTable, RetryReport, RunReport, VerifyReport};
pub use restore::{RestoreSettings, restore};
pub use retry::{RetrySettings, retry};
pub use settings::{CompareSettings, Confirm, Confirmation, HintWords, RunSettings, default_jobs};
pub use stage::Stage;
pub use stages::{StageLog, StageTime};
pub use subject::RunSubject;
