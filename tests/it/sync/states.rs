//! The target has a state of the source, whenever it is looked at.

use std::collections::BTreeSet;
use std::time::Instant;

use diesel::PgConnection;

use super::random::Random;
use super::writers::Writer;
use super::{Pair, assert_same, rows_of_target, rows_query, workload};
use crate::running::{HANGS, Running};

/// A source on which processes execute the random workload, and the states that it will have.
pub(super) struct Scene {
    pub(super) pair: Pair,
    seed: u64,
    count: i64,
    states: Vec<Vec<String>>,
    query: String,
}

/// What was seen of the target.
pub(super) struct Watcher<'a> {
    scene: &'a Scene,
    target: PgConnection,
    seen: BTreeSet<i64>,
}

impl Scene {
    pub(super) fn new(journal_mode: &str, seed: u64, count: i64) -> Self {
        let pair = Pair::of(journal_mode, workload::SCHEMA);
        let query = rows_query(&pair.sqlite());
        Self { pair, seed, count, states: workload::states(seed, count), query }
    }

    /// Another process that executes the workload to its end.
    pub(super) fn writer(&self) -> Writer {
        self.writer_until(self.count)
    }

    /// The same until this transaction.
    pub(super) fn writer_until(&self, count: i64) -> Writer {
        Writer::start("random", &self.pair.path(), self.seed, count)
    }

    /// Executes the first transactions.
    pub(super) fn begin(&self, count: i64) {
        let connection = self.pair.sqlite();
        while workload::transact(&connection, self.seed, count).expect("a transaction") < count {}
    }

    pub(super) fn watcher(&self) -> Watcher<'_> {
        Watcher { scene: self, target: self.pair.target.connect(), seen: BTreeSet::new() }
    }
}

impl Watcher<'_> {
    /// Looks at the target, and asserts that it has the state after some transaction. Returns its number.
    pub(super) fn look(&mut self) -> i64 {
        let found = rows_of_target(&mut self.target, &self.scene.query);
        let clock = found.iter().find_map(|line| line.strip_prefix("clock: 1|")).expect("the row of clock");
        let number: i64 = clock.parse().expect("a number");
        let state = &self.scene.states[usize::try_from(number).expect("a number")];
        assert_same(
            state,
            &found,
            &format!("TEST_SEED={}, transaction {number}: the target", self.scene.seed),
        );
        self.seen.insert(number);
        number
    }

    /// Looks until the last transaction is seen. `between` is called after each look, with whether a new state was seen.
    pub(super) fn look_until_end(&mut self, between: &mut dyn FnMut(bool)) {
        let began = Instant::now();
        let mut before = 0;
        loop {
            let number = self.look();
            if number == self.scene.count {
                return;
            }
            assert!(began.elapsed() < HANGS, "transaction {number} is the last one seen");
            between(number > before);
            before = number;
        }
    }

    /// How many states were seen.
    pub(super) fn seen_count(&self) -> usize {
        self.seen.len()
    }
}

fn every_state(journal_mode: &str, count: i64, seed: u64) {
    let scene = Scene::new(journal_mode, seed, count);
    scene.begin(50);
    // The first copy is made while they write.
    let early = [scene.writer_until(count / 3), scene.writer_until(count / 3)];
    let mut run = scene.pair.follow(&[]);
    early.into_iter().for_each(Writer::end);
    let writers = [scene.writer(), scene.writer()];
    let mut watcher = scene.watcher();
    watcher.look_until_end(&mut |_| assert!(!run.has_ended(), "the sync ended: {}", run.stderr()));
    assert!(watcher.seen_count() > 10, "only {} states were seen", watcher.seen_count());
    writers.into_iter().for_each(Writer::end);
    let (ended, _) = run.interrupt();
    assert_eq!(ended.code, 50, "{}", ended.stderr);
    assert!(!ended.stderr.contains("may have been missed"), "{}", ended.stderr);
    scene.pair.sync(0, &["--once"]);
    scene.pair.assert_equal();
}

#[test]
fn the_target_has_a_state_of_a_source_in_wal_mode_whenever_it_is_looked_at() {
    every_state("wal", 1000, test_seed::seed());
}

#[test]
fn the_target_has_a_state_of_a_source_with_a_rollback_journal_whenever_it_is_looked_at() {
    every_state("delete", 600, test_seed::seed());
}

#[test]
#[ignore = "takes long: make faults"]
fn exhaustive_the_target_has_a_state_of_the_source_whenever_it_is_looked_at() {
    let first = test_seed::seed();
    for number in 0..40 {
        let mode = if number % 2 == 0 { "wal" } else { "delete" };
        every_state(mode, 2000, first.wrapping_add(number));
    }
}

/// Kills the sync at a random moment, more likely after it has `advanced`, and starts it again; again also if it ended
/// because the lock was still held. Returns whether it was killed.
pub(super) fn kill_and_restart<'a>(
    run: &mut Running<'a>,
    pair: &'a Pair,
    random: &mut Random,
    advanced: bool,
) -> bool {
    let url = pair.target.url();
    let is_killed = random.percent(if advanced { 30 } else { 1 });
    if is_killed {
        run.kill();
    }
    if is_killed || run.has_ended() {
        let before = std::mem::replace(run, pair.start(url, &[])).end();
        let waits = before.code == 10 && before.stderr.contains("another run is writing to this target");
        let was_killed = is_killed && before.code == -1;
        assert!(was_killed || waits, "the sync ended with {}: {}", before.code, before.stderr);
    }
    is_killed
}
