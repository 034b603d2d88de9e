//! What is told about a database before it is moved: an assessment, as text, as JSON and as one HTML page.
//!
//! Invariants: nothing out of the file reaches a terminal or a browser unescaped; what is shortened or folded says
//! so, and the JSON has all of it; equal assessments give equal reports.

mod assessment;
mod grade;
mod groups;
mod html;
mod json;
mod names;
mod numbers;
mod prediction;
mod text;
mod verdict;

pub use assessment::{Assessment, ColumnAssessment, TableAssessment};
pub use grade::Grade;
pub use html::html;
pub use prediction::Prediction;
pub use text::{TextOptions, text};

#[cfg(test)]
mod tests;
