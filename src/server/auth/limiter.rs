//! Rate limit for sign-in attempts.
//!
//! An attempt is counted before the password is verified, so concurrent attempts do not bypass the limit. It is
//! counted for the e-mail address and for the client's address. A dropped ticket counts as a failure;
//! [`Limiter::succeeded`] and [`Limiter::withdraw`] undo the count.
//!
//! Counters are in memory: each process has its own, and they end with it. E-mail addresses are stored as hashes, so
//! memory is bounded for any input.

mod windows;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

use windows::{LimitKey, Serial, Windows};

/// Maximum number of counters; the oldest are evicted first.
const CAPACITY: usize = 100_000;
/// Factor of the limit of a client's address, which several users may share.
const ADDRESS_FACTOR: u32 = 5;

/// Permission to verify one password.
#[derive(Debug)]
#[must_use = "a ticket that is dropped is a failed attempt"]
pub struct Ticket {
    email: (LimitKey, Serial),
    client: (LimitKey, Serial),
}

/// The limit of failed attempts is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many failed attempts; retry in {seconds} seconds")]
pub struct TooManyAttempts {
    /// Seconds until the next attempt is allowed; at least 1.
    pub seconds: u64,
}

impl TooManyAttempts {
    /// Stable code of the error.
    pub fn code(self) -> &'static str {
        "too_many_attempts"
    }
}

/// Counts sign-in attempts.
#[derive(Debug)]
pub struct Limiter {
    attempts: NonZeroU32,
    windows: Mutex<Windows>,
}

impl Limiter {
    /// 15 minutes, in microseconds.
    pub const WINDOW: i64 = 15 * 60 * 1_000_000;

    /// Allows `attempts` failures per e-mail address in a window of `window` microseconds, and five times as many per
    /// client address.
    pub fn new(attempts: NonZeroU32, window: i64) -> Self {
        Self::with_capacity(attempts, window, CAPACITY)
    }

    fn with_capacity(attempts: NonZeroU32, window: i64, capacity: usize) -> Self {
        Self { attempts, windows: Mutex::new(Windows::new(window, capacity)) }
    }

    /// Counts an attempt at `now`, in microseconds since the Unix epoch.
    ///
    /// # Errors
    /// When one of the limits is reached. Such an attempt is not counted and does not extend the wait.
    pub fn take(&self, email: &str, client: IpAddr, now: i64) -> Result<Ticket, TooManyAttempts> {
        let email = LimitKey::email(email);
        let client = LimitKey::client(client);
        let attempts = self.attempts.get();
        let mut windows = self.lock();
        let wait = [(email, attempts), (client, attempts.saturating_mul(ADDRESS_FACTOR))]
            .into_iter()
            .filter_map(|(key, most)| windows.wait(key, most, now))
            .max();
        if let Some(seconds) = wait {
            return Err(TooManyAttempts { seconds });
        }
        Ok(Ticket { email: (email, windows.count(email, now)), client: (client, windows.count(client, now)) })
    }

    /// The password was correct: resets the counter of the e-mail address and undoes the count of the client.
    pub fn succeeded(&self, ticket: Ticket) {
        let mut windows = self.lock();
        let (email, _) = ticket.email;
        windows.remove(email);
        windows.take_back(ticket.client);
    }

    /// The password was not verified: undoes the count.
    pub fn withdraw(&self, ticket: Ticket) {
        let mut windows = self.lock();
        windows.take_back(ticket.email);
        windows.take_back(ticket.client);
    }

    fn lock(&self) -> MutexGuard<'_, Windows> {
        // No code here panics while the state is inconsistent, and a poisoned lock would disable sign-in.
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
