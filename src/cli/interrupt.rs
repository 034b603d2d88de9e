//! Ctrl-C: the first asks the work to end at the next row, the second ends the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;

use super::output;
use crate::error::ExitStatus;

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
                output::note("stopping; press Ctrl-C again to end at once");
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
