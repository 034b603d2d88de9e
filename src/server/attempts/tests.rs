//! The rules; with a database: `tests/api/sign_in/limits.rs`.

use super::*;
use crate::models::AttemptCounterId;

const NOW: i64 = 1_800_000_000 * SECOND_MICROS;

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros).expect("an instant")
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("not zero")
}

/// Counts one attempt after another, each as soon as it is permitted; returns the waits in seconds.
fn waits(rule: Rule, count: usize) -> Vec<i64> {
    let mut now = NOW;
    let id = AttemptCounterId(1);
    let key_sha256 = Sha256::of(b"key");
    let mut counter = AttemptCounter { id, key_sha256, attempts: 0, next_at: at(now), expires_at: at(now) };
    let mut waits = Vec::new();
    for _ in 0..count {
        if !is_current(&counter, at(now)) {
            counter = void(counter, at(now));
        }
        let changes = rule.count(&counter, at(now)).expect("in range");
        counter = AttemptCounter {
            attempts: changes.attempts.expect("set"),
            next_at: changes.next_at.expect("set"),
            expires_at: changes.expires_at.expect("set"),
            ..counter
        };
        let seconds = wait(&counter, at(now)).unwrap_or_default();
        waits.push(seconds);
        now += seconds * SECOND_MICROS;
    }
    waits
}

#[test]
fn delays_grow_to_a_quarter_of_an_hour() {
    assert_eq!(waits(Rule::Delay(number(3)), 10), [0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
    assert_eq!(waits(Rule::Delay(number(1)), 2), [30, 60]);
    // No count of failures overflows.
    for failures in [100, u32::MAX] {
        assert_eq!(delay(failures, 1), WINDOW);
    }
}

#[test]
fn a_window_permits_its_number_and_starts_again() {
    assert_eq!(waits(Rule::Window(number(3)), 7), [0, 0, 900, 0, 0, 900, 0]);
    assert_eq!(waits(Rule::Window(number(1)), 2), [900, 900]);
}

#[test]
fn a_counter_is_void_when_it_expires_and_when_the_clock_was_set_back() {
    let counter = |next_at: i64, expires_at: i64| AttemptCounter {
        id: AttemptCounterId(1),
        key_sha256: Sha256::of(b"key"),
        attempts: 5,
        next_at: at(NOW + next_at),
        expires_at: at(NOW + expires_at),
    };
    assert!(is_current(&counter(0, 1), at(NOW)));
    assert!(!is_current(&counter(0, 0), at(NOW)));
    assert!(is_current(&counter(WINDOW, REMEMBERED + WINDOW), at(NOW)));
    assert!(!is_current(&counter(WINDOW, REMEMBERED + WINDOW + 1), at(NOW)));
    assert!(!is_current(&counter(2 * WINDOW + 1, REMEMBERED), at(NOW)));
}

#[test]
fn seconds_are_rounded_up() {
    let counter = |next_at: i64| AttemptCounter {
        id: AttemptCounterId(1),
        key_sha256: Sha256::of(b"key"),
        attempts: 1,
        next_at: at(NOW + next_at),
        expires_at: at(NOW + WINDOW),
    };
    for (left, expected) in
        [(-1, None), (0, None), (1, Some(1)), (SECOND_MICROS, Some(1)), (SECOND_MICROS + 1, Some(2))]
    {
        assert_eq!(wait(&counter(left), at(NOW)), expected, "{left}");
    }
}

#[test]
fn a_network_of_version_6_is_one_client() {
    let digest = |address: &str| client_sha256(address.parse().expect("an address"));
    assert_eq!(digest("2001:db8:1:2::1"), digest("2001:db8:1:2:ffff::9"));
    assert_ne!(digest("2001:db8:1:2::1"), digest("2001:db8:1:3::1"));
    assert_eq!(digest("::ffff:192.0.2.1"), digest("192.0.2.1"));
    assert_ne!(digest("192.0.2.1"), digest("192.0.2.2"));
}

#[test]
fn keys_of_different_kinds_and_parts_differ() {
    let keys =
        [key_of("pair", &["a", "b"]), key_of("pair", &["ab", ""]), key_of("email", &["a"]), key_of("a", &[])];
    for (index, key) in keys.iter().enumerate() {
        assert!(!keys[..index].contains(key), "{index}");
    }
}
