//! Going on after a failure that passes: the connection is lost, the server restarts, a deadlock is resolved.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Clock};

use diesel::QueryResult;

use super::error::CopyError;
use super::target::Target;
use databases::failure::Failure;

/// The pauses between tries, in milliseconds: half a minute in all, within which a server restarts.
const PAUSES_MS: [u64; 8] = [100, 300, 1000, 2000, 4000, 6000, 8000, 8000];

/// Between two looks at whether the user interrupts.
const LOOK: Duration = Duration::from_millis(50);

/// Runs `action` until it succeeds, fails for a reason that does not pass, or the pauses are used up; on a new
/// connection after each failure. `action` must find out by itself whether an earlier try was committed, whose answer
/// was lost. Within a transaction of the caller there is one try only: what came before in it is lost too.
pub(super) fn with_retries<T>(
    target: &mut Target,
    stop: &AtomicBool,
    mut action: impl FnMut(&mut Target) -> QueryResult<T>,
) -> Result<T, Failed> {
    let nested = target.is_in_transaction().unwrap_or(false);
    let mut pauses = PAUSES_MS.iter();
    loop {
        let error = match action(target) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        if stop.load(Ordering::Relaxed) {
            return Err(Failed::Stopped(CopyError::Interrupted));
        }
        if nested || !Failure::of_query(&error).is_transient() {
            return Err(Failed::Refused(error));
        }
        let mut last = Failed::Refused(error);
        loop {
            let Some(pause_ms) = pauses.next() else { return Err(last) };
            tracing::info!(pause_ms, %last, "try again");
            pause(Duration::from_millis(*pause_ms), stop)?;
            match target.reopen() {
                Ok(()) => break,
                Err(CopyError::OpenTarget(error)) if may_return(error.failure()) => {
                    last = Failed::Stopped(CopyError::OpenTarget(error));
                }
                Err(error) => return Err(Failed::Stopped(error)),
            }
        }
    }
}

/// Why it did not succeed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    /// PostgreSQL refuses.
    #[error(transparent)]
    Refused(diesel::result::Error),
    /// The run ends for another reason.
    #[error(transparent)]
    Stopped(CopyError),
}

impl Failed {
    /// The error of a run, where `what` was being done.
    pub(super) fn into_error(self, what: &'static str) -> CopyError {
        match self {
            Self::Refused(source) => CopyError::UseTarget { what, source },
            Self::Stopped(error) => error,
        }
    }
}

/// Whether a server that could not be reached for this reason may be back soon.
fn may_return(failure: Failure) -> bool {
    failure.is_transient()
        || matches!(failure, Failure::Refused | Failure::Timeout | Failure::TooManyConnections)
}

fn pause(duration: Duration, stop: &AtomicBool) -> Result<(), Failed> {
    let began = Clock::now();
    while began.elapsed() < duration {
        if stop.load(Ordering::Relaxed) {
            return Err(Failed::Stopped(CopyError::Interrupted));
        }
        std::thread::sleep(LOOK.min(duration));
    }
    Ok(())
}
