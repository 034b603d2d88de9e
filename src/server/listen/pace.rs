//! The least progress of a transfer that waits for the client.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// The least progress: in each period in which a transfer waits for the client, so many bytes must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The length of a period.
    pub period: Duration,
    /// The least bytes of a period.
    pub least: u64,
}

impl Pace {
    /// The least bytes of a second.
    pub const BYTES_A_SECOND: u64 = 1024;

    /// [`BYTES_A_SECOND`](Self::BYTES_A_SECOND), measured over periods of this length; at least one byte.
    pub fn over(period: Duration) -> Self {
        let least = period.as_millis().saturating_mul(u128::from(Self::BYTES_A_SECOND)) / 1000;
        Self { period, least: u64::try_from(least).unwrap_or(u64::MAX).max(1) }
    }
}

/// The progress of one transfer.
#[derive(Debug)]
pub(super) struct Progress {
    pace: Pace,
    passed: u64,
    /// The end of the current period; `None` while nothing waits.
    end: Option<Pin<Box<Sleep>>>,
}

impl Progress {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, passed: 0, end: None }
    }

    /// Bytes have passed.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.passed = self.passed.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// Nothing waits for the client any more.
    pub(super) fn rest(&mut self) {
        self.end = None;
    }

    /// The transfer waits for the client: ready when too little has passed.
    pub(super) fn poll_too_slow(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Pace { period, least } = self.pace;
        if self.end.is_none() {
            self.passed = 0;
        }
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(period)));
        loop {
            ready!(end.as_mut().poll(context));
            if self.passed < least {
                return Poll::Ready(());
            }
            self.passed = 0;
            end.as_mut().reset(Instant::now() + period);
        }
    }
}

/// The client sends a body, or receives a response, below the least rate.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the client is slower than the least rate")]
pub struct TooSlow;
