//! Fault injection at each protocol message: the same command run again finishes, and exit code 0 means that the copy
//! is complete.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::cluster::TestDatabase;
use crate::end_state::assert_complete;
use crate::proxy::Fault::{Delay, Drop, Fail, Interrupt, Kill, KillAfter, Swallow};
use crate::proxy::{Fault, Plan, scattered};
use crate::scene::Scene;

/// The faults, and whether each lasts for all later messages. Each has a test below that injects it at a few messages.
const FAULTS: [(Fault, bool); 8] = [
    (Fail, false),
    (Fail, true),
    (Drop, false),
    (Drop, true),
    (Swallow, false),
    (Kill, false),
    (KillAfter, false),
    (Interrupt, false),
];

/// Injects the fault at message `at` of a first run, and checks the following runs. Returns whether a run has such a
/// message.
fn disturbed_at(scene: &Scene, fault: Fault, lasting: bool, at: u64) -> bool {
    let target = TestDatabase::create();
    let (ended, fired) = scene.disturb(target.url(), Plan { fault, at, lasting });
    let what = format!("{fault:?}, lasting {lasting}, at {}", fired.as_deref().unwrap_or("no message"));
    let codes: &[i32] = match fault {
        Interrupt => &[50],
        Kill | KillAfter => &[-1],
        _ => &[21],
    };
    let killed = fired.is_some() && matches!(fault, Kill | KillAfter);
    assert!(ended.code == 0 || fired.is_some(), "{what}: {}", ended.stderr);
    assert!(ended.code != 0 || !killed, "{what}: not killed");
    scene.check(target.url(), &ended, codes, &what);
    fired.is_some()
}

/// Injects a fault at a few messages, different ones for each fault, spread over the whole run.
fn at_a_few(number: usize) {
    const FEW: u64 = 6;
    let scene = Scene::small();
    let (fault, lasting) = FAULTS[number];
    let offset = u64::try_from(number).expect("small") * scene.messages() / (FEW * 8);
    for step in 0..FEW {
        let at = 1 + offset + step * scene.messages() / FEW;
        assert!(disturbed_at(&scene, fault, lasting, at), "a run has no message {at}");
    }
}

#[test]
fn a_run_recovers_from_an_error_of_the_server() {
    at_a_few(0);
}

#[test]
fn a_run_recovers_from_a_server_that_returns_only_errors() {
    at_a_few(1);
}

#[test]
fn a_run_recovers_from_a_lost_connection() {
    at_a_few(2);
}

#[test]
fn a_run_recovers_from_a_network_outage() {
    at_a_few(3);
}

#[test]
fn a_run_recovers_from_a_lost_response() {
    at_a_few(4);
}

#[test]
fn a_run_recovers_from_a_kill_before_a_statement() {
    at_a_few(5);
}

#[test]
fn a_run_recovers_from_a_kill_after_a_statement() {
    at_a_few(6);
}

#[test]
fn a_run_recovers_from_an_interruption_at_a_statement() {
    at_a_few(7);
}

#[test]
fn a_slow_network_causes_no_failure() {
    let scene = Scene::small();
    let target = TestDatabase::create();
    let (ended, fired) = scene.disturb(target.url(), Plan { fault: Delay, at: 1, lasting: true });
    assert!(fired.is_some());
    scene.check(target.url(), &ended, &[], "slow");
}

/// Every message of a run, once for each fault. All failures are reported at the end.
#[test]
#[ignore = "takes long: make faults"]
fn exhaustive_every_message_of_a_run() {
    let scene = Scene::small();
    writeln!(std::io::stderr(), "{} messages, each in {} ways", scene.messages(), FAULTS.len())
        .expect("tell");
    let failed: usize = std::thread::scope(|scope| {
        let faults = FAULTS.map(|(fault, lasting)| {
            let scene = &scene;
            scope.spawn(move || {
                let one = |at| std::panic::AssertUnwindSafe(move || disturbed_at(scene, fault, lasting, at));
                // Each panic is reported where it occurs. A test that panics everywhere must end as well.
                let outcomes = (1..2 * scene.messages()).map(|at| std::panic::catch_unwind(one(at)));
                outcomes.take_while(|outcome| !matches!(outcome, Ok(false))).filter(Result::is_err).count()
            })
        });
        faults.into_iter().map(|fault| fault.join().expect("panics are caught")).sum()
    });
    assert_eq!(failed, 0, "of 8 faults at {} messages each, so many were the end", scene.messages());
}

/// Kills at random times, with more rows: also between messages.
#[test]
#[ignore = "takes long: make faults"]
fn exhaustive_kills_at_random_moments() {
    let seed = test_seed::seed();
    let scene = Scene::whole(4000);
    let target = TestDatabase::create();
    let began = Instant::now();
    assert_eq!(scene.start(target.url()).end().code, 0);
    let whole = u64::try_from(began.elapsed().as_micros()).expect("not long");
    let mut kills = 0;
    for place in 0..200_u64 {
        let target = TestDatabase::create();
        // The run that continues after a kill is killed as well, up to twice.
        for again in 0..1 + place % 3 {
            let mut run = scene.start(target.url());
            std::thread::sleep(Duration::from_micros(scattered(seed, 3 * place + again) % whole));
            kills += u32::from(!run.has_ended());
            run.kill();
            // The server may not have detected the kill yet.
            let codes = if again == 0 { &[0, -1][..] } else { &[0, -1, 10] };
            let ended = run.end();
            assert!(codes.contains(&ended.code), "seed {seed}, exit {}: {}", ended.code, ended.stderr);
            if ended.code == 0 {
                assert_complete(&scene.complete, target.url(), &format!("ended with 0, seed {seed}"));
            }
        }
        scene.run_to_end(
            target.url(),
            &format!("killed {} times, place {place} of seed {seed}", 1 + place % 3),
        );
    }
    assert!(kills > 200, "only {kills} of 400 runs were still going on");
}
