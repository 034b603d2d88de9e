//! What the database said about sessions, for at most [`MAX_AGE`], so that an authenticated request costs no query of
//! its own.
//!
//! When work of this process that ends access is committed, everything is forgotten (`models::tenancy::take_end`), and
//! what was read before is not stored any more. Work of other processes takes effect when the entry is too old. Memory
//! is bounded: of two halves, the older one is dropped when the younger one is full or older than [`MAX_AGE`].

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Clock};

use crate::models::SessionId;
use crate::models::tenancy::SessionAccess;
use transfer::values::Instant;

/// Maximum age of an entry: how long a session that was ended by another process keeps its access.
const MAX_AGE: Duration = Duration::from_secs(5);
/// Maximum number of entries of a half.
const MOST: usize = 10_000;

/// Entries by session; `None` is a session that does not exist.
pub(super) struct SessionCache {
    halves: Mutex<Halves>,
}

struct Halves {
    young: HashMap<SessionId, Entry>,
    old: HashMap<SessionId, Entry>,
    /// Of the first entry of the younger half.
    young_since: Option<Moment>,
    /// Grows when access ends: what was read before may be out of date.
    ends: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    access: Option<SessionAccess>,
    read_at: Moment,
}

/// A time by both clocks. The steady clock limits the real age, even if the other one is set back; the other one is
/// that of the application, which tests advance.
#[derive(Clone, Copy)]
struct Moment {
    steady: Clock,
    now: Instant,
}

impl Moment {
    fn at(now: Instant) -> Self {
        Self { steady: Clock::now(), now }
    }

    fn is_recent(self, other: Self) -> bool {
        let elapsed = other.now.micros().checked_sub(self.now.micros());
        let elapsed = elapsed.and_then(|micros| u64::try_from(micros).ok()).map(Duration::from_micros);
        elapsed.is_some_and(|elapsed| elapsed < MAX_AGE)
            && other.steady.saturating_duration_since(self.steady) < MAX_AGE
    }
}

/// The state before a session is read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    session: SessionId,
    began: Moment,
    ends: u64,
}

impl SessionCache {
    pub(super) fn new() -> Self {
        let halves = Halves { young: HashMap::new(), old: HashMap::new(), young_since: None, ends: 0 };
        Self { halves: Mutex::new(halves) }
    }

    /// The entry of a session; if there is none that is recent, the session has to be read.
    pub(super) fn find(&self, session: SessionId, now: Instant) -> Result<Option<SessionAccess>, Reading> {
        let began = Moment::at(now);
        let halves = self.lock();
        let entry = halves.young.get(&session).or_else(|| halves.old.get(&session));
        match entry {
            Some(entry) if entry.read_at.is_recent(began) => Ok(entry.access),
            _ => Err(Reading { session, began, ends: halves.ends }),
        }
    }

    /// Stores what was read, unless access has ended since the reading began.
    pub(super) fn store(&self, reading: Reading, access: Option<SessionAccess>) {
        let Reading { session, began, ends } = reading;
        let mut halves = self.lock();
        if halves.ends != ends {
            return;
        }
        let is_young = halves.young_since.is_some_and(|since| since.is_recent(began));
        if halves.young.len() >= MOST || !is_young {
            halves.old = std::mem::take(&mut halves.young);
            halves.young_since = Some(began);
        }
        halves.young.insert(session, Entry { access, read_at: began });
    }

    /// Forgets everything: access has ended.
    pub(super) fn clear(&self) {
        let mut halves = self.lock();
        halves.young.clear();
        halves.old.clear();
        halves.ends += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Halves> {
        // No code here panics while the state is inconsistent.
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    fn at(micros: i64) -> Instant {
        Instant::from_micros(micros).expect("an instant")
    }

    fn session(number: u128) -> SessionId {
        SessionId(uuid::Uuid::from_u128(number))
    }

    /// Reads an unknown session.
    fn read(cache: &SessionCache, number: u128, now: i64) {
        let reading = cache.find(session(number), at(now)).expect_err("not known");
        cache.store(reading, None);
    }

    fn is_known(cache: &SessionCache, number: u128, now: i64) -> bool {
        cache.find(session(number), at(now)).is_ok()
    }

    #[test]
    fn an_entry_is_used_for_less_than_five_seconds_and_not_before_it_was_read() {
        let cache = SessionCache::new();
        read(&cache, 1, 10 * SECOND);
        for (now, expected) in
            [(10 * SECOND, true), (15 * SECOND - 1, true), (15 * SECOND, false), (10 * SECOND - 1, false)]
        {
            assert_eq!(is_known(&cache, 1, now), expected, "{now}");
        }
        assert!(!is_known(&cache, 2, 10 * SECOND));
    }

    #[test]
    fn the_real_age_counts_even_if_the_clock_stands_still() {
        let Some(steady) = Clock::now().checked_sub(MAX_AGE) else { return };
        let cache = SessionCache::new();
        let reading = Reading { session: session(1), began: Moment { steady, now: at(0) }, ends: 0 };
        cache.store(reading, None);
        assert!(!is_known(&cache, 1, 0));
    }

    #[test]
    fn after_an_end_nothing_is_known_and_what_was_read_before_is_not_stored() {
        let cache = SessionCache::new();
        read(&cache, 1, 0);
        let reading = cache.find(session(2), at(0)).expect_err("not known");
        cache.clear();
        cache.store(reading, None);
        assert!(!is_known(&cache, 1, 0) && !is_known(&cache, 2, 0));
        read(&cache, 2, 0);
        assert!(is_known(&cache, 2, 0));
    }

    #[test]
    fn memory_is_bounded_and_freed_when_entries_are_old() {
        let cache = SessionCache::new();
        let size = || {
            let halves = cache.lock();
            (halves.young.len(), halves.old.len())
        };
        for number in 0..35_000 {
            read(&cache, number, 0);
        }
        assert_eq!(size(), (5000, MOST));
        assert!(is_known(&cache, 34_999, 0) && is_known(&cache, 25_000, 0) && !is_known(&cache, 1, 0));
        read(&cache, 1, 5 * SECOND);
        assert_eq!(size(), (1, 5000));
        read(&cache, 2, 10 * SECOND);
        assert_eq!(size(), (1, 1));
    }
}
