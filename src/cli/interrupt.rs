//! Ctrl-C: the first requests a stop and ends the process after a timeout; the second ends the process at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::failure::{CommandFailure, OrFail as _};
use super::output;
use databases::error::ExitStatus;

/// The timeout after the first Ctrl-C: a database may not respond at all.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A flag that Ctrl-C sets.
pub(super) fn watch() -> Result<Arc<AtomicBool>, CommandFailure> {
    let flag = Arc::new(AtomicBool::new(false));
    let raise = Arc::clone(&flag);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .or_fail(ExitStatus::Unexpected, "install the signal handler")?;
    // From here on the signal no longer ends the process by default.
    let mut signals = {
        let _inside = runtime.enter();
        Signals::new().or_fail(ExitStatus::Unexpected, "install the signal handler")?
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            while signals.next().await {
                if raise.swap(true, Ordering::Relaxed) {
                    end_at_once();
                }
                output::note("stopping");
                std::thread::spawn(|| {
                    std::thread::sleep(PATIENCE);
                    output::note("interrupted; run the same command again to continue");
                    end_at_once();
                });
            }
        });
    });
    Ok(flag)
}

/// The stream of interrupt signals.
#[cfg(unix)]
struct Signals(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).map(Self)
    }

    async fn next(&mut self) -> bool {
        self.0.recv().await.is_some()
    }
}

/// The stream of interrupt signals.
#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) -> bool {
        self.0.recv().await.is_some()
    }
}

/// The databases roll back what is not committed.
#[expect(clippy::exit, reason = "the work may wait for a database that does not respond")]
fn end_at_once() {
    std::process::exit(ExitStatus::Interrupted.code().into());
}
