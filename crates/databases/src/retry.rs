//! Retrying actions that failed for a transient reason.

use std::time::Duration;

/// The pauses between attempts: five attempts within about three seconds.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_millis(900),
    Duration::from_millis(1700),
];

/// Runs `action` until it succeeds, fails for a reason that is not transient, or the pauses are used up.
///
/// `action` must change nothing when it fails.
///
/// # Errors
/// The last error.
pub fn with_retries<T, E: std::fmt::Display>(
    mut action: impl FnMut() -> Result<T, E>,
    is_transient: impl Fn(&E) -> bool,
) -> Result<T, E> {
    for pause in PAUSES {
        match action() {
            Err(error) if is_transient(&error) => {
                tracing::info!(pause_ms = pause.as_millis(), %error, "retrying");
                std::thread::sleep(pause);
            }
            outcome => return outcome,
        }
    }
    action()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_passing_failures_are_tried_again() {
        let mut tries = 0;
        let outcome = with_retries(
            || {
                tries += 1;
                if tries < 3 { Err("busy") } else { Ok(tries) }
            },
            |error| *error == "busy",
        );
        assert_eq!(outcome, Ok(3));

        let mut tries = 0;
        let outcome: Result<(), _> = with_retries(
            || {
                tries += 1;
                Err("wrong password")
            },
            |error| *error == "busy",
        );
        assert_eq!((outcome, tries), (Err("wrong password"), 1));
    }
}
