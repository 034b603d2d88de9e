use std::net::Ipv4Addr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::*;

const SECOND: i64 = 1_000_000;
const NOW: i64 = 1_800_000_000 * SECOND;
const ADA: &str = "ada@example.org";

fn limiter(attempts: u32) -> Limiter {
    Limiter::new(NonZeroU32::new(attempts).expect("more than none"), Limiter::WINDOW)
}

/// A distinct client address for each number.
fn client(number: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(number))
}

fn fail(limiter: &Limiter, email: &str, address: IpAddr, now: i64) {
    drop(limiter.take(email, address, now).expect("the attempt is let through"));
}

fn wait(limiter: &Limiter, email: &str, address: IpAddr, now: i64) -> Option<u64> {
    limiter.take(email, address, now).err().map(|refused| refused.seconds)
}

#[test]
fn an_address_waits_until_the_window_has_passed() {
    let limiter = limiter(3);
    for second in 0..3 {
        fail(&limiter, ADA, client(1), NOW + second * SECOND);
    }
    assert_eq!(wait(&limiter, ADA, client(2), NOW + 3 * SECOND), Some(897));
    assert_eq!(wait(&limiter, ADA, client(2), NOW + 3 * SECOND + 1), Some(897));
    assert_eq!(wait(&limiter, ADA, client(2), NOW + Limiter::WINDOW - 1), Some(1));
    // A rejected attempt does not extend the wait.
    assert_eq!(wait(&limiter, ADA, client(2), NOW + Limiter::WINDOW), None);
}

#[test]
fn other_addresses_do_not_wait() {
    let limiter = limiter(1);
    fail(&limiter, ADA, client(1), NOW);
    assert_eq!(wait(&limiter, "bob@example.org", client(1), NOW), None);
    for same in ["ADA@Example.ORG", " ada@example.org "] {
        assert_eq!(wait(&limiter, same, client(2), NOW), Some(900), "{same}");
    }
}

#[test]
fn a_client_fails_five_times_as_often() {
    let limiter = limiter(2);
    for number in 0..10 {
        fail(&limiter, &format!("{number}@example.org"), client(1), NOW);
    }
    assert_eq!(wait(&limiter, "new@example.org", client(1), NOW + SECOND), Some(899));
    assert_eq!(wait(&limiter, "new@example.org", client(2), NOW + SECOND), None);
}

#[test]
fn the_longer_wait_is_reported() {
    let limiter = limiter(1);
    fail(&limiter, ADA, client(9), NOW);
    for number in 0..5 {
        fail(&limiter, &format!("{number}@example.org"), client(1), NOW + 60 * SECOND);
    }
    assert_eq!(wait(&limiter, ADA, client(1), NOW + 60 * SECOND), Some(900));
}

#[test]
fn a_network_of_version_6_is_one_client() {
    let key = |text: &str| LimitKey::client(text.parse().expect("it is an address"));
    assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    assert_ne!(key("192.0.2.2"), key("192.0.2.1"));
}

#[test]
fn success_clears_the_email_and_takes_back_one_of_the_client() {
    let limiter = limiter(2);
    fail(&limiter, ADA, client(1), NOW);
    limiter.succeeded(limiter.take(ADA, client(1), NOW).expect("the attempt is let through"));
    // Two more failures after the reset: the client's counter is at three with the first one.
    fail(&limiter, ADA, client(1), NOW);
    fail(&limiter, ADA, client(1), NOW);
    assert_eq!(wait(&limiter, ADA, client(2), NOW), Some(900));
    for number in 0..7 {
        fail(&limiter, &format!("{number}@example.org"), client(1), NOW);
    }
    assert_eq!(wait(&limiter, "new@example.org", client(1), NOW), Some(900));
}

#[test]
fn successes_do_not_count() {
    let limiter = limiter(1);
    for _ in 0..100 {
        limiter.succeeded(limiter.take(ADA, client(1), NOW).expect("the attempt is let through"));
    }
    assert_eq!(limiter.lock().sizes(), (0, 0));
}

#[test]
fn what_was_not_checked_does_not_count() {
    let limiter = limiter(1);
    for _ in 0..100 {
        limiter.withdraw(limiter.take(ADA, client(1), NOW).expect("the attempt is let through"));
    }
    fail(&limiter, ADA, client(1), NOW);
    assert_eq!(wait(&limiter, ADA, client(1), NOW), Some(900));
}

#[test]
fn a_ticket_of_a_window_that_is_over_changes_nothing() {
    let limiter = limiter(2);
    let old = limiter.take(ADA, client(1), NOW).expect("the attempt is let through");
    let later = NOW + Limiter::WINDOW;
    fail(&limiter, ADA, client(1), later);
    fail(&limiter, ADA, client(1), later);
    limiter.withdraw(old);
    assert_eq!(wait(&limiter, ADA, client(1), later), Some(900));
}

#[test]
fn setting_the_clock_back_extends_no_wait_beyond_a_window() {
    let limiter = limiter(1);
    fail(&limiter, ADA, client(1), NOW);
    let before = NOW - 365 * 24 * 3600 * SECOND;
    assert_eq!(wait(&limiter, ADA, client(1), before), Some(900));
    assert_eq!(wait(&limiter, ADA, client(1), before + Limiter::WINDOW), None);
}

#[test]
fn the_oldest_keys_go_first() {
    let limiter = Limiter::with_capacity(NonZeroU32::MIN, Limiter::WINDOW, 4);
    for (second, number) in (0..).zip([1, 2, 3]) {
        fail(&limiter, &format!("{number}@example.org"), client(number), NOW + second * SECOND);
    }
    assert_eq!(limiter.lock().sizes(), (4, 4));
    assert!(wait(&limiter, "2@example.org", client(9), NOW + 3 * SECOND).is_some());
    assert!(wait(&limiter, "3@example.org", client(9), NOW + 3 * SECOND).is_some());
    assert_eq!(wait(&limiter, "1@example.org", client(9), NOW + 3 * SECOND), None);
}

#[test]
fn many_keys_take_bounded_memory_and_go_when_they_are_over() {
    let limiter = limiter(1);
    for number in 0..60_000 {
        fail(&limiter, &format!("{number}@example.org"), client(number), NOW + i64::from(number));
    }
    assert_eq!(limiter.lock().sizes(), (CAPACITY, CAPACITY));
    fail(&limiter, ADA, client(70_000), NOW + 2 * Limiter::WINDOW);
    assert_eq!(limiter.lock().sizes(), (2, 2));
}

#[test]
fn attempts_at_the_same_time_do_not_all_pass() {
    let limiter = limiter(5);
    let passed = AtomicUsize::new(0);
    let start = Barrier::new(100);
    std::thread::scope(|scope| {
        for number in 0..100 {
            let (limiter, passed, start) = (&limiter, &passed, &start);
            scope.spawn(move || {
                start.wait();
                if limiter.take(ADA, client(number), NOW).is_ok() {
                    passed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(passed.into_inner(), 5);
}

#[test]
fn tickets_settled_by_many_threads_leave_nothing_behind() {
    let limiter = Limiter::with_capacity(NonZeroU32::MAX, Limiter::WINDOW, CAPACITY);
    std::thread::scope(|scope| {
        for thread in 0..8_u32 {
            let limiter = &limiter;
            scope.spawn(move || {
                for round in 0..1000 {
                    let email = format!("{}@example.org", round % 7);
                    let ticket = limiter.take(&email, client(round % 5), NOW).expect("nobody waits");
                    if (round + thread) % 2 == 0 {
                        limiter.succeeded(ticket)
                    } else {
                        limiter.withdraw(ticket)
                    }
                }
            });
        }
    });
    assert_eq!(limiter.lock().sizes(), (0, 0));
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    /// Each step: one of three users, at one of two clients, the result, and the seconds before it.
    ///
    /// The model is a list of failures that is searched each time, without a bound on memory.
    #[test]
    fn it_lets_through_what_a_plain_list_would(
        steps in prop::collection::vec((0..3_u8, 0..2_u8, 0..4_u8, 0..200_i64), 1..120),
    ) {
        let limiter = limiter(2);
        // For each key, the start of its window and the failures since.
        let mut list: Vec<(String, i64, u32)> = Vec::new();
        let mut now = NOW;
        for (person, address, what, seconds) in steps {
            now += seconds * SECOND;
            list.retain(|(_, started, count)| now < started + Limiter::WINDOW && *count > 0);
            let (email, client_name) = (format!("{person}@example.org"), format!("client {address}"));
            let count_of = |list: &[(String, i64, u32)], key: &str| {
                list.iter().find(|(name, ..)| name == key).map_or(0, |(_, _, count)| *count)
            };
            let passes = count_of(&list, &email) < 2 && count_of(&list, &client_name) < 10;
            let ticket = limiter.take(&email, client(address.into()), now);
            prop_assert_eq!(ticket.is_ok(), passes);
            let Ok(ticket) = ticket else { continue };
            if what == 0 {
                limiter.succeeded(ticket);
                list.retain(|(name, ..)| *name != email);
            } else if what == 1 {
                limiter.withdraw(ticket);
            } else {
                for key in [email, client_name] {
                    match list.iter_mut().find(|(name, ..)| *name == key) {
                        Some((_, _, count)) => *count += 1,
                        None => list.push((key, now, 1)),
                    }
                }
            }
        }
    }
}
