//! Syncs, writers and servers that are killed, and networks that fail: no state is seen that the source did not have.

use super::random::Random;
use super::states::{Scene, kill_and_restart};
use super::workload;
use super::writers::Writer;
use super::{Pair, SOURCE};
use crate::own_server::OwnServer;
use crate::proxy::{Fault, Plan};
use crate::running::Running;
use crate::scene::{proxy, through};

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
