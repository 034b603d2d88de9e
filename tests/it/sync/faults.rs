//! Faults at each message of a sync to its target: it goes on when it is run again, and loses nothing.

use super::{Pair, workload};
use crate::proxy::Fault::{self, Drop, Fail, Interrupt, Kill, KillAfter, Swallow};
use crate::proxy::{Plan, Proxy};
use crate::running::Running;
use crate::scene::{proxy, through};

const FAULTS: [Fault; 6] = [Fail, Drop, Swallow, Kill, KillAfter, Interrupt];

/// Runs `--once` with a fault at a message. Returns whether it has such a message, and the proxy: a first copy goes on with
/// the same address.
fn disturbed(pair: &Pair, fault: Fault, at: u64) -> (bool, Proxy) {
    let url = pair.target.url();
    let proxy = proxy(url, Plan { fault, at, lasting: false });
    let run = Running::start(&pair.app, &Pair::arguments(&through(url, &proxy), &["--once"]));
    proxy.set_program(run.process());
    let ended = run.end();
    let fired = proxy.fired();
    let what =
        format!("{fault:?} at {}: exit {}, {}", fired.as_deref().unwrap_or("none"), ended.code, ended.stderr);
    let codes: &[i32] = match fault {
        Interrupt => &[0, 50],
        Kill | KillAfter if fired.is_some() => &[-1],
        // An object that PostgreSQL refuses is skipped by an import.
        Fail => &[0, 21, 40],
        _ => &[0, 21],
    };
    assert!(codes.contains(&ended.code), "{what}");
    (fired.is_some(), proxy)
}

/// The number of messages of an undisturbed run.
fn messages(pair: &Pair) -> u64 {
    let url = pair.target.url();
    let proxy: Proxy = proxy(url, Plan::NOTHING);
    pair.app.expect(0, &Pair::arguments(&through(url, &proxy), &["--once"]));
    u64::try_from(proxy.seen().len()).expect("not so many")
}

fn source(seed: u64) -> Pair {
    let pair = Pair::of(if seed.is_multiple_of(2) { "wal" } else { "delete" }, workload::SCHEMA);
    workload::work(&pair.sqlite(), seed, 30, std::time::Duration::ZERO);
    pair
}

/// A fault while the sync begins: attaches capture, copies, compares, and records the position.
fn first_copy_with(fault: Fault, at: u64, seed: u64) -> bool {
    let pair = source(seed);
    let (fired, proxy) = disturbed(&pair, fault, at);
    // What is committed between a kill and the next run is not lost.
    workload::work(&pair.sqlite(), seed, 40, std::time::Duration::ZERO);
    pair.sync_after_kill(&through(pair.target.url(), &proxy), 0);
    pair.assert_equal();
    workload::work(&pair.sqlite(), seed, 50, std::time::Duration::ZERO);
    pair.sync(0, &["--once"]);
    pair.assert_equal();
    fired
}

/// A fault while changes are applied and compared, with one pair for all of them.
struct Applying {
    pair: Pair,
    seed: u64,
    count: i64,
}

impl Applying {
    fn new(seed: u64) -> Self {
        let pair = source(seed);
        pair.sync(0, &["--once"]);
        Self { pair, seed, count: 30 }
    }

    fn change(&mut self) {
        self.count += 6;
        workload::work(&self.pair.sqlite(), self.seed, self.count, std::time::Duration::ZERO);
    }

    fn with(&mut self, fault: Fault, at: u64) -> bool {
        self.change();
        let (fired, _proxy) = disturbed(&self.pair, fault, at);
        self.change();
        self.pair.sync_after_kill(self.pair.target.url(), 0);
        self.pair.assert_equal();
        fired
    }
}

#[test]
fn a_sync_goes_on_after_a_fault_in_the_first_copy() {
    let seed = test_seed::seed();
    let messages = messages(&source(seed));
    for (number, fault) in (1..).zip([Drop, Swallow, Kill, KillAfter]) {
        assert!(first_copy_with(fault, number * messages / 5, seed), "no message {number}");
    }
    // Just before and after the position is recorded.
    for before_end in [2, 5] {
        first_copy_with(KillAfter, messages - before_end, seed);
    }
}

#[test]
fn a_sync_goes_on_after_a_fault_while_changes_are_applied() {
    let mut applying = Applying::new(test_seed::seed());
    applying.change();
    let messages = messages(&applying.pair);
    let mut fired = 0;
    for (number, fault) in (1..).zip(FAULTS.iter().cycle().take(12)) {
        fired += u32::from(applying.with(*fault, number * messages / 14));
    }
    assert!(fired >= 10, "only {fired} faults");
}

#[test]
#[ignore = "takes long: make faults"]
fn exhaustive_faults_at_every_message_of_a_sync() {
    let seed = test_seed::seed();
    let in_first_copy = messages(&source(seed));
    let mut points = 0;
    for at in 1..=in_first_copy {
        for fault in [Drop, Swallow, Kill, KillAfter] {
            points += u32::from(first_copy_with(fault, at, seed.wrapping_add(at)));
        }
    }
    let mut applying = Applying::new(seed);
    applying.change();
    for at in 1..=messages(&applying.pair) {
        for fault in FAULTS {
            points += u32::from(applying.with(fault, at));
        }
    }
    assert!(points >= 200, "only {points} points");
}
