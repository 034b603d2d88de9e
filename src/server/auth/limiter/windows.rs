//! Counters per key in fixed windows, with bounded memory.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use sha2::{Digest, Sha256};

use crate::server::network::network_of;

const MICROSECONDS: u64 = 1_000_000;

/// What attempts are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum LimitKey {
    /// Truncated hash of an e-mail address in lower case.
    Email([u8; 16]),
    /// A client's address, or its /64 network for IPv6.
    Client(IpAddr),
}

impl LimitKey {
    pub(super) fn email(email: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(email.trim().to_lowercase()).into();
        let (part, _) = digest.split_first_chunk().expect("32 bytes are more than 16");
        Self::Email(*part)
    }

    pub(super) fn client(address: IpAddr) -> Self {
        Self::Client(network_of(address))
    }
}

/// The window of one key.
#[derive(Clone, Copy, Debug)]
struct Window {
    serial: Serial,
    started: i64,
    count: u32,
}

/// Identifies a window; newer windows have larger numbers.
pub(super) type Serial = u64;

/// All windows. `by_age` and `by_key` have the same keys.
#[derive(Debug)]
pub(super) struct Windows {
    length: i64,
    capacity: usize,
    by_key: HashMap<LimitKey, Window>,
    by_age: BTreeMap<Serial, LimitKey>,
    next: Serial,
}

impl Windows {
    /// Windows of `length` microseconds, for at most `capacity` keys.
    pub(super) fn new(length: i64, capacity: usize) -> Self {
        Self { length, capacity, by_key: HashMap::new(), by_age: BTreeMap::new(), next: 0 }
    }

    /// Seconds until the key may make another attempt if `most` are allowed per window; `None` if it may now.
    pub(super) fn wait(&mut self, key: LimitKey, most: u32, now: i64) -> Option<u64> {
        let length = self.length;
        let window = self.current(key, now)?;
        if window.count < most {
            return None;
        }
        let left = window.started.saturating_add(length).abs_diff(now);
        Some(left.div_ceil(MICROSECONDS))
    }

    /// Counts an attempt and returns its window.
    pub(super) fn count(&mut self, key: LimitKey, now: i64) -> Serial {
        if let Some(window) = self.current(key, now) {
            window.count = window.count.saturating_add(1);
            return window.serial;
        }
        self.make_room(now);
        let serial = self.next;
        self.next += 1;
        self.by_key.insert(key, Window { serial, started: now, count: 1 });
        self.by_age.insert(serial, key);
        serial
    }

    /// Undoes an attempt of this window, if it is still the current window of the key.
    pub(super) fn take_back(&mut self, (key, serial): (LimitKey, Serial)) {
        let Some(window) = self.by_key.get_mut(&key).filter(|window| window.serial == serial) else {
            return;
        };
        window.count = window.count.saturating_sub(1);
        if window.count == 0 {
            self.remove(key);
        }
    }

    pub(super) fn remove(&mut self, key: LimitKey) {
        if let Some(window) = self.by_key.remove(&key) {
            self.by_age.remove(&window.serial);
        }
    }

    /// The window of the key that contains `now`.
    fn current(&mut self, key: LimitKey, now: i64) -> Option<&mut Window> {
        let window = self.by_key.get_mut(&key)?;
        // After the clock was set back, the wait is still at most one window.
        window.started = window.started.min(now);
        if now >= window.started.saturating_add(self.length) {
            self.remove(key);
            return None;
        }
        self.by_key.get_mut(&key)
    }

    /// Removes expired windows, and then the oldest, until there is space for one more.
    fn make_room(&mut self, now: i64) {
        while let Some((_, &oldest)) = self.by_age.first_key_value() {
            if self.current(oldest, now).is_some() {
                if self.by_key.len() < self.capacity {
                    break;
                }
                self.remove(oldest);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.by_key.len(), self.by_age.len())
    }
}
