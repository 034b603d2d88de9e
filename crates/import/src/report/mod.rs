//! Reports of an assessment: as text, as JSON and as one HTML page.
//!
//! Invariants: no text of the file reaches a terminal or a browser unescaped; truncated and folded parts are marked,
//! and the JSON is complete; equal assessments give equal reports.

mod assessment;
mod grade;
mod groups;
mod html;
mod json;
mod names;
mod next_steps;
pub(crate) mod numbers;
mod prediction;
mod tables;
mod text;
mod verdict;

pub use assessment::{Assessment, SkippedTable};
pub use grade::Grade;
pub use html::html;
pub use next_steps::NextSteps;
pub use prediction::Prediction;
pub use tables::{ColumnAssessment, TableAssessment};
pub use text::{TextOptions, text};

#[cfg(test)]
mod tests;
