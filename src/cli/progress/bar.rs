//! Progress as bars on a terminal: one for the stage, and one for each table at work.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Clock};

use indicatif::{ProgressBar, ProgressStyle};

use super::estimate::{Estimate, StageProgress};
use super::{note_stage, text};
use crate::cli::output;
use databases::terminal::escape_line;
use transfer::run::{Event, Observer};

/// Draws bars, which are cleared at the end of each stage; other lines are printed above them.
pub(in crate::cli) struct Bar {
    began: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    estimate: Estimate,
    /// The bar of the stage, below the others.
    whole: Option<ProgressBar>,
    tables: BTreeMap<String, ProgressBar>,
}

impl Bar {
    pub(super) fn new() -> Self {
        Self { began: Clock::now(), state: Mutex::default() }
    }

    pub(super) fn begin(&self, title: &'static str, row_count: i64) {
        let at = self.began.elapsed();
        let mut state = self.lock();
        state.clear();
        state.estimate.begin(title, row_count, at);
        state.show(at);
    }

    pub(super) fn advance(&self, table: &str, row_count: i64) {
        let mut state = self.lock();
        state.estimate.advance(table, row_count, 0);
        state.show(self.began.elapsed());
    }

    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.estimate.end(self.began.elapsed());
        state.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Bar {
    fn observe(&self, event: &Event<'_>) {
        let at = self.began.elapsed();
        let mut state = self.lock();
        state.estimate.observe(event, at);
        match *event {
            Event::StageBegun { stage, row_count, .. } => {
                state.clear();
                note_stage(stage, row_count);
                state.show(at);
            }
            Event::StageEnded { .. } => state.clear(),
            Event::Rows { table, .. } => {
                state.show_table(table);
                state.show(at);
            }
            Event::TableDone { table } => {
                if let Some(bar) = state.tables.remove(table) {
                    bar.finish_and_clear();
                }
            }
            Event::IndexBuilt { .. } | Event::KeyChecked { .. } => state.show(at),
            _ => {}
        }
    }
}

/// An error may end a stage without an event.
impl Drop for Bar {
    fn drop(&mut self) {
        self.lock().clear();
    }
}

impl State {
    fn clear(&mut self) {
        for bar in std::mem::take(&mut self.tables).into_values().chain(self.whole.take()) {
            bar.finish_and_clear();
        }
    }

    fn show(&mut self, at: Duration) {
        let Some(progress) = self.estimate.stage(at) else { return };
        let Some((position, length)) = position(&progress) else { return };
        let bar = self.whole.get_or_insert_with(|| {
            let bar = output::bars().add(ProgressBar::new(length));
            bar.set_prefix(progress.title);
            styled(bar, "{prefix:<13} {bar:24} {percent:>3} %  {msg}")
        });
        bar.set_length(length);
        bar.set_position(position);
        bar.set_message(text(&progress));
    }

    fn show_table(&mut self, name: &str) {
        let Some(table) = self.estimate.table(name) else { return };
        let Some(row_total) = table.row_total else { return };
        let whole = self.whole.as_ref();
        let bar = self.tables.entry(name.to_owned()).or_insert_with(|| {
            let bar = ProgressBar::new(row_total);
            let bar = match whole {
                Some(whole) => output::bars().insert_before(whole, bar),
                None => output::bars().add(bar),
            };
            bar.set_prefix(escape_line(name));
            styled(bar, "  {prefix:<24!} {bar:11} {human_pos} of {human_len} rows")
        });
        bar.set_length(row_total.max(table.row_count));
        bar.set_position(table.row_count);
    }
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Where the bar of a stage stands: in bytes where they are known, else in hundredths; `None` for a stage without either.
fn position(progress: &StageProgress) -> Option<(u64, u64)> {
    match (progress.byte_total, progress.percent) {
        // Indexes are built when all bytes are written: the bar must not look full before.
        (Some(total), Some(percent)) if progress.size_bytes >= total => Some((percent, 100)),
        (Some(total), _) => Some((progress.size_bytes, total)),
        (None, percent) => percent.map(|percent| (percent, 100)),
    }
}
