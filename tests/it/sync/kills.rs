//! Syncs, writers and servers that are killed, and faults at each message to the target: the sync goes on when it is run
//! again, and no state is seen that the source did not have.

use super::random::Random;
use super::states::{Scene, kill_and_restart};
use super::workload;
use super::writers::Writer;
use super::{Pair, SOURCE};
use crate::own_server::OwnServer;
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
    for (number, fault) in (1..).zip(FAULTS.iter().cycle().take(12)) {
        applying.with(*fault, number * messages / 14);
    }
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

/// Two writers, of which one is killed again and again, and a sync that is too.
fn kills_at_random(mode: &str, count: i64, seed: u64) -> u32 {
    let scene = Scene::new(mode, seed, count);
    let mut random = Random::new(seed);
    let mut run = scene.pair.follow(&[]);
    let mut writers = [scene.writer(), scene.writer()];
    let (mut watcher, mut kills) = (scene.watcher(), 0);
    watcher.look_until_end(&mut |advanced| {
        if random.percent(4) {
            writers[0] = scene.writer();
        }
        kills += u32::from(kill_and_restart(&mut run, &scene.pair, &mut random, advanced));
    });
    assert!(watcher.seen_count() > 5, "only {} states were seen", watcher.seen_count());
    run.kill();
    writers.into_iter().for_each(Writer::end);
    scene.pair.sync_after_kill(scene.pair.target.url(), 0);
    scene.pair.assert_equal();
    kills
}

#[test]
fn a_sync_that_is_killed_at_random_shows_only_states_of_the_source() {
    let seed = test_seed::seed();
    assert!(kills_at_random("wal", 700, seed) > 0);
    assert!(kills_at_random("delete", 400, seed) > 0);
}

#[test]
#[ignore = "takes long: make faults"]
fn exhaustive_kills_of_a_sync_and_its_writers_at_random() {
    let mut kills = 0;
    for number in 0..30 {
        let mode = if number % 2 == 0 { "wal" } else { "delete" };
        kills += kills_at_random(mode, 2000, test_seed::seed().wrapping_add(number));
    }
    assert!(kills > 200, "only {kills}");
}

#[test]
fn a_crash_of_the_server_loses_and_repeats_nothing() {
    let server = OwnServer::start();
    let app = crate::app::App::new();
    super::open(&app.path(SOURCE))
        .execute_batch(&format!("PRAGMA journal_mode = wal; {}", workload::SCHEMA))
        .expect("create");
    let seed = test_seed::seed();
    let end = |count: i64| {
        let source = super::open(&app.path(SOURCE));
        workload::work(&source, seed, count, std::time::Duration::ZERO);
        let query = super::rows_query(&source);
        let mut target: diesel::PgConnection = diesel::Connection::establish(server.url()).expect("connect");
        super::assert_same(
            &super::rows_of_source(&source),
            &super::rows_of_target(&mut target, &query),
            "the target",
        );
    };
    app.expect(0, &Pair::arguments(server.url(), &["--once"]));
    for round in 1..=3_i64 {
        let writer = Writer::start("random", &app.path(SOURCE), seed, round * 200);
        let mut run = Running::start(&app, &Pair::arguments(server.url(), &[]));
        run.wait_for("following");
        server.crash();
        writer.end();
        run.kill();
        run.end();
        let mut code = 10;
        while code == 10 {
            let ended = app.run(&Pair::arguments(server.url(), &["--once"]));
            assert!(ended.code == 0 || ended.stderr.contains("another run is writing"), "{}", ended.stderr);
            code = ended.code;
        }
        end(round * 200);
    }
}

#[test]
fn a_sync_follows_through_a_network_that_delays_and_drops() {
    let seed = test_seed::seed();
    let scene = Scene::new("wal", seed, 500);
    scene.begin(20);
    scene.pair.sync(0, &["--once"]);
    let proxy = proxy(scene.pair.target.url(), Plan { fault: Fault::Weather(seed), ..Plan::NOTHING });
    let url = through(scene.pair.target.url(), &proxy);
    let writers = [scene.writer(), scene.writer()];
    let mut run = scene.pair.start(&url, &[]);
    let mut watcher = scene.watcher();
    watcher.look_until_end(&mut |_| {
        if run.has_ended() {
            let before = std::mem::replace(&mut run, scene.pair.start(&url, &[])).end();
            let waits = before.code == 10 && before.stderr.contains("another run");
            assert!(before.code == 21 || waits, "exit {}: {}", before.code, before.stderr);
        }
    });
    assert!(proxy.fired().is_some(), "nothing was dropped");
    writers.into_iter().for_each(Writer::end);
    run.kill();
    scene.pair.sync_after_kill(scene.pair.target.url(), 0);
    scene.pair.assert_equal();
}
