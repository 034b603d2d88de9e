//! The progress of a command on standard error, in the form that the user chose.

mod bar;
mod estimate;
mod json;
mod plain;

use self::bar::Bar;
use self::estimate::StageProgress;
use self::json::Json;
pub(super) use self::json::{show_end, show_error};
use self::plain::Plain;
use super::output;
use import::survey;
use transfer::run::{Event, NoObserver, Observer, Stage};

/// How progress is shown.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(super) struct ProgressArgs {
    /// How progress is shown on standard error: `bar` draws bars, `plain` prints a line for each stage and at most one every 2 seconds, `json`
    /// prints one JSON object a line (docs/progress.md) and nothing else, `none` shows no progress. `auto` is `bar` on a
    /// terminal, else `plain`; so is `bar` without a terminal.
    #[arg(long = "progress", value_name = "FORM", value_enum, default_value_t)]
    pub(super) form: ProgressForm,
}

/// A form of progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ProgressForm {
    /// Bars on a terminal, plain lines elsewhere.
    #[default]
    Auto,
    /// Bars.
    Bar,
    /// A line for each stage, and at most one every 2 seconds.
    Plain,
    /// One JSON object a line.
    Json,
    /// No progress.
    None,
}

/// Shows the progress of a command.
pub(super) enum ProgressDisplay {
    Bar(Bar),
    Plain(Plain),
    Json(Json),
    Nothing(NoObserver),
}

impl ProgressArgs {
    /// Shows nothing yet.
    pub(super) fn display(self) -> ProgressDisplay {
        match self.form {
            ProgressForm::Auto | ProgressForm::Bar if output::is_terminal() => {
                ProgressDisplay::Bar(Bar::new())
            }
            ProgressForm::Auto | ProgressForm::Bar | ProgressForm::Plain => {
                ProgressDisplay::Plain(Plain::new())
            }
            ProgressForm::Json => ProgressDisplay::Json(Json::new()),
            ProgressForm::None => ProgressDisplay::Nothing(NoObserver),
        }
    }
}

impl Observer for ProgressDisplay {
    fn observe(&self, event: &Event<'_>) {
        match self {
            Self::Bar(bar) => bar.observe(event),
            Self::Plain(plain) => plain.observe(event),
            Self::Json(json) => json.observe(event),
            Self::Nothing(nothing) => nothing.observe(event),
        }
    }
}

/// Work that is no stage of a run.
impl ProgressDisplay {
    /// Work begins on at most so many rows.
    pub(super) fn begin(&self, title: &'static str, row_count: i64) {
        match self {
            Self::Bar(bar) => bar.begin(title, row_count),
            Self::Plain(plain) => plain.begin(title, row_count),
            Self::Json(json) => json.begin(title, row_count),
            Self::Nothing(_) => {}
        }
    }

    /// So many more rows of a table are done.
    pub(super) fn advance(&self, table: &str, row_count: i64) {
        match self {
            Self::Bar(bar) => bar.advance(table, row_count),
            Self::Plain(plain) => plain.advance(table, row_count),
            Self::Json(json) => json.advance(table, row_count),
            Self::Nothing(_) => {}
        }
    }

    /// The work ends.
    pub(super) fn end(&self) {
        match self {
            Self::Bar(bar) => bar.end(),
            Self::Plain(plain) => plain.end(),
            Self::Json(json) => json.end(),
            Self::Nothing(_) => {}
        }
    }

    /// Takes in how far a survey is.
    pub(super) fn show_survey(&self, progress: survey::Progress) {
        match progress {
            survey::Progress::Begin { most_rows } => self.begin("assess", most_rows),
            survey::Progress::Rows(row_count) => self.advance("all tables", row_count),
        }
    }
}

/// The progress of a stage as text, without its name.
fn text(progress: &StageProgress) -> String {
    let mut parts = Vec::new();
    match (progress.row_total, progress.row_count) {
        (Some(total), row_count) => parts.push(format!("{} of {} rows", shown(row_count), shown(total))),
        (None, 0) => {}
        (None, row_count) => parts.push(format!("{} rows", shown(row_count))),
    }
    if progress.row_count > 0 {
        parts.push(format!("{} rows/s", progress.row_rate));
    }
    if progress.size_bytes > 0 {
        parts.push(progress.byte_rate.bytes());
    }
    match (progress.remaining, progress.run_remaining) {
        (Some(stage), Some(run)) => {
            parts.push(format!("{} left, {} of the run", estimate::duration(stage), estimate::duration(run)));
        }
        (Some(left), None) => parts.push(format!("{} left", estimate::duration(left))),
        (None, _) => {}
    }
    parts.join(", ")
}

fn shown(number: u64) -> String {
    output::count(i64::try_from(number).unwrap_or(i64::MAX))
}

fn note_stage(stage: Stage, row_count: i64) {
    let number = Stage::ALL.iter().position(|other| *other == stage).map_or(0, |index| index + 1);
    let rows = if row_count > 0 { format!(", {}", output::rows(row_count)) } else { String::new() };
    output::note(format!("stage {number} of {}: {}{rows}", Stage::ALL.len(), stage.title()));
}
