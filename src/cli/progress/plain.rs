//! Progress as plain lines, for logs: one for each stage, and within a stage at most one every two seconds.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Clock};

use super::estimate::{Estimate, StageProgress};
use super::{note_stage, text};
use crate::cli::output;
use transfer::run::{Event, Observer};

/// The time between two lines.
const PAUSE: Duration = Duration::from_secs(2);

/// Prints lines, from a thread of its own: an event may be long in coming.
pub(in crate::cli) struct Plain {
    shared: Arc<Shared>,
    printer: Option<JoinHandle<()>>,
}

struct Shared {
    began: Clock,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    estimate: Estimate,
    has_changed: bool,
    is_ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Estimate, Duration)) {
        let mut state = self.lock();
        change(&mut state.estimate, self.began.elapsed());
        state.has_changed = true;
    }

    fn print_until_ended(&self) {
        let mut state = self.lock();
        while !state.is_ended {
            let waited = self.ended.wait_timeout_while(state, PAUSE, |state| !state.is_ended);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if std::mem::take(&mut state.has_changed)
                && !state.is_ended
                && let Some(progress) = state.estimate.stage(self.began.elapsed())
            {
                output::note(line(&progress));
            }
        }
    }
}

impl Plain {
    pub(super) fn new() -> Self {
        let shared = Arc::new(Shared { began: Clock::now(), state: Mutex::default(), ended: Condvar::new() });
        let of_printer = Arc::clone(&shared);
        let printer = std::thread::spawn(move || of_printer.print_until_ended());
        Self { shared, printer: Some(printer) }
    }

    pub(super) fn begin(&self, title: &'static str, row_count: i64) {
        self.shared.change(|estimate, at| estimate.begin(title, row_count, at));
    }

    pub(super) fn advance(&self, table: &str, row_count: i64) {
        self.shared.change(|estimate, _| estimate.advance(table, row_count, 0));
    }

    pub(super) fn end(&self) {
        self.shared.change(Estimate::end);
    }
}

impl Observer for Plain {
    fn observe(&self, event: &Event<'_>) {
        self.shared.change(|estimate, at| estimate.observe(event, at));
        if let Event::StageBegun { stage, row_count, .. } = *event {
            note_stage(stage, row_count);
        }
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        self.shared.lock().is_ended = true;
        self.shared.ended.notify_all();
        if let Some(printer) = self.printer.take()
            && printer.join().is_err()
        {
            tracing::debug!("the thread that prints progress panicked");
        }
    }
}

fn line(progress: &StageProgress) -> String {
    let percent = progress.percent.map(|percent| format!(" {percent} %")).unwrap_or_default();
    match text(progress) {
        text if text.is_empty() => format!("{}{percent}", progress.title),
        text => format!("{}{percent}: {text}", progress.title),
    }
}
