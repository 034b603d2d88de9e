//! Trying again after a transient failure: a lost connection, a restart of the server, a deadlock.

use std::time::{Duration, Instant as Clock};

use diesel::QueryResult;

use crate::control::Control;
use crate::error::TransferError;
use crate::run::Event;
use crate::target::{GONE, Target};
use databases::failure::Failure;
use databases::sqlstate::sqlstate;

/// The pauses between attempts, in milliseconds: half a minute in all, within which a server restarts.
const PAUSES_MS: [u64; 8] = [100, 300, 1000, 2000, 4000, 6000, 8000, 8000];

/// So many failures that the server does not repeat are transient: what fails once more depends on something else.
const MOST_GONE: usize = 3;

/// The interval at which an interruption is checked.
const LOOK: Duration = Duration::from_millis(50);

/// Runs `action` until it succeeds, fails for a permanent reason, or the pauses are used up; on a new connection after
/// each failure. `what` it does is reported with each retry. `action` itself must detect that an earlier attempt was
/// committed and only its answer was lost. Within a transaction of the caller there is one attempt: the earlier
/// statements of the transaction are lost with the connection.
///
/// # Errors
/// The last failure, or the interruption.
pub fn with_retries<T>(
    target: &mut Target,
    control: Control<'_>,
    what: &'static str,
    mut action: impl FnMut(&mut Target) -> QueryResult<T>,
) -> Result<T, Failed> {
    let nested = target.is_in_transaction().unwrap_or(false);
    let mut gone = 0;
    let mut pauses = PAUSES_MS.iter().zip(1..);
    loop {
        let error = match action(target) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        control.go_on().map_err(Failed::Stopped)?;
        let error = target.diagnose(error);
        if sqlstate(&error) == Some(GONE) {
            gone += 1;
        }
        if nested || gone > MOST_GONE || !Failure::of_query(&error).is_transient() {
            return Err(Failed::Refused(error));
        }
        let mut last = Failed::Refused(error);
        loop {
            let Some((pause_ms, attempt)) = pauses.next() else { return Err(last) };
            tracing::info!(what, pause_ms, %last, "try again");
            let length = Duration::from_millis(*pause_ms);
            control.observe(&Event::Retry { what, attempt, pause: length, cause: &last });
            pause(length, control)?;
            match target.reopen() {
                Ok(()) => break,
                Err(TransferError::OpenTarget(error)) if may_return(error.failure()) => {
                    last = Failed::Stopped(TransferError::OpenTarget(error));
                }
                Err(error) => return Err(Failed::Stopped(error)),
            }
        }
    }
}

/// Why an action failed.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// PostgreSQL refuses.
    #[error(transparent)]
    Refused(diesel::result::Error),
    /// The run ends for another reason.
    #[error(transparent)]
    Stopped(TransferError),
}

impl Failed {
    /// The error of the run, with `what` was being done.
    pub fn into_error(self, what: &'static str) -> TransferError {
        match self {
            Self::Refused(source) => TransferError::UseTarget { what, source },
            Self::Stopped(error) => error,
        }
    }
}

/// Whether a server that cannot be reached for this reason may be reachable again soon.
fn may_return(failure: Failure) -> bool {
    failure.is_transient()
        || matches!(failure, Failure::Refused | Failure::Timeout | Failure::TooManyConnections)
}

fn pause(duration: Duration, control: Control<'_>) -> Result<(), Failed> {
    let began = Clock::now();
    while began.elapsed() < duration {
        control.go_on().map_err(Failed::Stopped)?;
        std::thread::sleep(LOOK.min(duration));
    }
    Ok(())
}
