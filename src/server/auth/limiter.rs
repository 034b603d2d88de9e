//! How often somebody may try to sign in.
//!
//! An attempt is counted before the password is checked: whoever sends a hundred at once gets no more checks than
//! whoever sends them one by one. It is counted for the e-mail address and for the client's address. A ticket that is
//! dropped stays counted, as a failure; [`Limiter::succeeded`] and [`Limiter::withdraw`] take it back.
//!
//! Counts live in memory, so each process has its own, and they end with it. What was typed is kept as a hash: the
//! memory is bounded whatever is sent.

mod windows;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

use windows::{LimitKey, Serial, Windows};

/// Keys at most; the oldest go first.
const CAPACITY: usize = 100_000;
/// A client's address may fail as many times as often as an e-mail address: many people may share it.
const ADDRESS_FACTOR: u32 = 5;

/// Leave to check one password.
#[derive(Debug)]
#[must_use = "a ticket that is dropped is a failed attempt"]
pub struct Ticket {
    email: (LimitKey, Serial),
    client: (LimitKey, Serial),
}

/// Too many attempts failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many failed attempts; retry in {seconds} seconds")]
pub struct TooManyAttempts {
    /// When to come again: at least 1.
    pub seconds: u64,
}

impl TooManyAttempts {
    /// The name of this reason for programs. It stays as it is.
    pub fn code(self) -> &'static str {
        "too_many_attempts"
    }
}

/// Counts attempts to sign in. It may be used by many threads at once.
#[derive(Debug)]
pub struct Limiter {
    attempts: NonZeroU32,
    windows: Mutex<Windows>,
}

impl Limiter {
    /// Fifteen minutes, in microseconds.
    pub const WINDOW: i64 = 15 * 60 * 1_000_000;

    /// Lets an e-mail address fail so many times within a window of so many microseconds, and a client's address
    /// five times as often.
    pub fn new(attempts: NonZeroU32, window: i64) -> Self {
        Self::with_capacity(attempts, window, CAPACITY)
    }

    fn with_capacity(attempts: NonZeroU32, window: i64, capacity: usize) -> Self {
        Self { attempts, windows: Mutex::new(Windows::new(window, capacity)) }
    }

    /// Counts an attempt at `now`, in microseconds since 1970.
    ///
    /// # Errors
    /// When either address failed too often. Such an attempt is not counted, and makes nobody wait longer.
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

    /// The password was right: the e-mail address has no failed attempts, and the client's one less.
    pub fn succeeded(&self, ticket: Ticket) {
        let mut windows = self.lock();
        let (email, _) = ticket.email;
        windows.remove(email);
        windows.take_back(ticket.client);
    }

    /// The password was not checked: the attempt does not count.
    pub fn withdraw(&self, ticket: Ticket) {
        let mut windows = self.lock();
        windows.take_back(ticket.email);
        windows.take_back(ticket.client);
    }

    fn lock(&self) -> MutexGuard<'_, Windows> {
        // Nothing here panics half-way, and a sign-in that never works again would be worse than a wrong count.
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
