//! Limits of attempts that need no access token: signing in, registering, rejected refresh tokens, contact messages.
//!
//! Counters are rows of the database: they hold for all processes, and a restart does not reset them. An attempt is
//! counted in a transaction of its own before the password is verified, so concurrent attempts do not bypass a limit; an
//! attempt that cannot be counted is not made. A refused attempt is not counted and creates no row.
//!
//! Guesses are slowed down without locking out the owner of the account:
//!
//! - failures for an e-mail address from one client address are followed by delays, each twice as long as the one before;
//! - failures for an e-mail address from all client addresses, and for all e-mail addresses from one client address, are
//!   limited in a window. Both do not apply to a client address from which the user has signed in before.

use std::net::IpAddr;
use std::num::NonZeroU32;

use super::SECOND_MICROS;
use super::network::network_of;
use super::problem::{Code, HandlerError, Problem};
use crate::models::EmailAddress;
use crate::models::Record as _;
use crate::models::tenancy::{AttemptCounter, AttemptCounterChanges, Session};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Sha256};

/// Length of a window, and the longest delay: 15 minutes, in microseconds.
const WINDOW: i64 = 15 * 60 * SECOND_MICROS;
/// The first delay after failures; each further one is twice as long, up to [`WINDOW`].
const FIRST_DELAY: i64 = 30 * SECOND_MICROS;
/// How long failures are remembered after the last one: one day.
const REMEMBERED: i64 = 24 * 60 * 60 * SECOND_MICROS;
/// Factor of the limit for an e-mail address from all client addresses.
const EMAIL_FACTOR: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// Factor of the limit for a client address, which several users may share.
const CLIENT_FACTOR: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
/// Factor of the limit for registrations, and for rejected refresh tokens, of a client address.
const ANONYMOUS_FACTOR: NonZeroU32 = NonZeroU32::new(6).expect("not zero");

/// A limit for one key.
#[derive(Clone, Copy, Debug)]
struct AttemptLimit {
    key: Sha256,
    rule: Rule,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    /// This failure and each further one is followed by a delay.
    Delay(NonZeroU32),
    /// This many attempts in a window.
    Window(NonZeroU32),
}

/// The limits of an attempt, in the order of their keys: attempts that lock several rows lock them in one order.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    limits: Vec<AttemptLimit>,
}

/// An attempt that was counted. It is a failure unless [`succeeded`](Self::succeeded) is called.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    /// The limits, each with the time when its counter is void.
    limits: Vec<(AttemptLimit, Instant)>,
}

/// The next attempt is permitted after this many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyAttempts {
    seconds: i64,
}

/// The digest of a client address by which users are recognized.
pub(super) fn client_sha256(client: IpAddr) -> Sha256 {
    key_of("client", &[&network_of(client).to_string()])
}

impl Attempt {
    /// An attempt to sign in. `failures` is the setting `SIGN_IN_ATTEMPTS`.
    pub(super) fn sign_in(
        connection: &mut AnyConnection,
        email: &EmailAddress,
        client: IpAddr,
        failures: NonZeroU32,
    ) -> Result<Self, HandlerError> {
        let (address, network) = (email.as_str(), network_of(client).to_string());
        let mut limits =
            vec![AttemptLimit { key: key_of("pair", &[address, &network]), rule: Rule::Delay(failures) }];
        if !Session::is_familiar(connection, email, client_sha256(client))? {
            let window = |kind, part, factor| AttemptLimit {
                key: key_of(kind, &[part]),
                rule: Rule::Window(failures.saturating_mul(factor)),
            };
            limits.push(window("email", address, EMAIL_FACTOR));
            limits.push(window("sign-in", &network, CLIENT_FACTOR));
        }
        limits.sort_by_key(|limit| limit.key);
        Ok(Self { limits })
    }

    /// A registration, or a refresh token that is rejected.
    pub(super) fn anonymous(client: IpAddr, failures: NonZeroU32) -> Self {
        Self::of_client("anonymous", client, failures.saturating_mul(ANONYMOUS_FACTOR))
    }

    /// `most` attempts of this kind in a window, by client address.
    pub(super) fn of_client(kind: &str, client: IpAddr, most: NonZeroU32) -> Self {
        let key = key_of(kind, &[&network_of(client).to_string()]);
        Self { limits: vec![AttemptLimit { key, rule: Rule::Window(most) }] }
    }

    /// Whether the attempt is permitted. Locks and counts nothing: attempts beyond a limit are refused by this, without
    /// a write transaction.
    pub(super) fn check(&self, connection: &mut AnyConnection, now: Instant) -> Result<(), HandlerError> {
        let keys: Vec<Sha256> = self.limits.iter().map(|limit| limit.key).collect();
        let counters = AttemptCounter::of_keys(connection, &keys)?;
        let wait = counters.iter().filter(|counter| is_current(counter, now)).filter_map(|it| wait(it, now));
        match wait.max() {
            Some(seconds) => Err(TooManyAttempts { seconds }.into()),
            None => Ok(()),
        }
    }

    /// Counts the attempt in this transaction, or returns the longest wait.
    pub(super) fn count(
        &self,
        connection: &mut AnyConnection,
        now: Instant,
    ) -> Result<Result<Counted, TooManyAttempts>, HandlerError> {
        let mut counters = Vec::new();
        for limit in &self.limits {
            let counter = AttemptCounter::lock_key(connection, limit.key, now)?;
            let counter = if is_current(&counter, now) { counter } else { void(counter, now) };
            counters.push((limit, counter));
        }
        if let Some(seconds) = counters.iter().filter_map(|(_, counter)| wait(counter, now)).max() {
            return Ok(Err(TooManyAttempts { seconds }));
        }
        let newest = counters.iter().map(|(_, counter)| counter.id).max();
        let mut limits = Vec::new();
        for (limit, counter) in counters {
            let changes = limit.rule.count(&counter, now)?;
            limits.push((*limit, changes.expires_at.unwrap_or(counter.expires_at)));
            AttemptCounter::update(connection, counter.id, &changes)?;
        }
        if let Some(newest) = newest {
            AttemptCounter::delete_some(connection, newest, now)?;
        }
        Ok(Ok(Counted { limits }))
    }
}

impl Counted {
    /// The password was right: forgets the failures of this e-mail address from this client address, and takes back the
    /// attempt elsewhere.
    pub(super) fn succeeded(&self, connection: &mut AnyConnection, now: Instant) -> Result<(), HandlerError> {
        for (limit, expires_at) in &self.limits {
            match limit.rule {
                Rule::Delay(_) => AttemptCounter::reset(connection, limit.key)?,
                Rule::Window(_) => AttemptCounter::take_back(connection, limit.key, *expires_at, now)?,
            }
        }
        Ok(())
    }
}

impl Rule {
    fn count(self, counter: &AttemptCounter, now: Instant) -> Result<AttemptCounterChanges, HandlerError> {
        let attempts = counter.attempts.saturating_add(1);
        let count = u32::try_from(attempts).unwrap_or(0);
        let (next_at, expires_at) = match self {
            Self::Delay(first) => (after(now, delay(count, first.get()))?, after(now, REMEMBERED)?),
            Self::Window(most) => {
                let expires_at = if count <= 1 { after(now, WINDOW)? } else { counter.expires_at };
                (if count < most.get() { now } else { expires_at }, expires_at)
            }
        };
        Ok(AttemptCounterChanges {
            attempts: Some(attempts),
            next_at: Some(next_at),
            expires_at: Some(expires_at),
        })
    }
}

/// The delay after this many failures. It begins with the failure of this number, `first`.
fn delay(failures: u32, first: u32) -> i64 {
    match failures.checked_sub(first) {
        None => 0,
        Some(doublings) => 2_i64
            .checked_pow(doublings)
            .map_or(WINDOW, |factor| FIRST_DELAY.saturating_mul(factor).min(WINDOW)),
    }
}

/// Whether a counter is in force. One that ends later than any that is written now is void: the clock was set back.
/// Clocks of processes may differ by a window.
fn is_current(counter: &AttemptCounter, now: Instant) -> bool {
    let left = |at: Instant| at.micros().saturating_sub(now.micros());
    left(counter.expires_at) > 0
        && left(counter.expires_at) <= REMEMBERED + WINDOW
        && left(counter.next_at) <= WINDOW + WINDOW
}

fn void(counter: AttemptCounter, now: Instant) -> AttemptCounter {
    AttemptCounter { attempts: 0, next_at: now, expires_at: now, ..counter }
}

/// Seconds until the next attempt; `None` if it is permitted now.
fn wait(counter: &AttemptCounter, now: Instant) -> Option<i64> {
    let left = counter.next_at.micros().saturating_sub(now.micros());
    (left > 0).then(|| left.saturating_add(SECOND_MICROS - 1) / SECOND_MICROS)
}

fn after(now: Instant, micros: i64) -> Result<Instant, HandlerError> {
    Ok(Instant::from_micros(now.micros().saturating_add(micros))?)
}

/// The digest of a key. The parts contain no NUL.
fn key_of(kind: &str, parts: &[&str]) -> Sha256 {
    Sha256::of([&[kind], parts].concat().join("\0").as_bytes())
}

impl From<TooManyAttempts> for HandlerError {
    fn from(limit: TooManyAttempts) -> Self {
        let TooManyAttempts { seconds } = limit;
        let detail = format!("too many attempts; retry in {seconds} seconds");
        Self::Problem(Problem::new(Code::TooManyAttempts, detail).wait(seconds))
    }
}

#[cfg(test)]
mod tests;
