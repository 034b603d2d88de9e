//! Ctrl-C: the first asks the work to end, and ends the program itself when that takes too long; the second ends it
//! at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;

use super::output;
use crate::error::ExitStatus;

/// So long the work may take to end: a database may not answer at all.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A flag that Ctrl-C raises.
pub(super) fn watch() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let raise = Arc::clone(&flag);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .context("watch for interruptions")?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
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

/// What is not committed is undone by the databases themselves.
#[expect(clippy::exit, reason = "the work may wait for a database that does not answer")]
fn end_at_once() {
    std::process::exit(ExitStatus::Interrupted.code().into());
}
