//! Outages of servers, networks and runs: a copy reports them, and the same command run again finishes.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use crate::cluster::TestDatabase;
use crate::disk::Disk;
use crate::own_server::OwnServer;
use crate::proxy::{Fault, Plan, scattered};
use crate::scene::{Scene, proxy, through};
use crate::skipped::skipped;

/// The exit code of a failed target.
const FAILED: &[i32] = &[21];

/// Ctrl-C must end the process within two seconds; more on a busy machine. Without it these runs take much longer.
const AT_ONCE: Duration = Duration::from_secs(15);

#[test]
fn a_killed_server_keeps_committed_rows() {
    let scene = Scene::small();
    let server = OwnServer::start();
    let (proxy, run) = scene.frozen(server.url(), scene.mid_copy());
    server.crash();
    proxy.thaw();
    scene.check(server.url(), &run.end(), FAILED, "the server was killed");
}

#[test]
fn a_run_recovers_from_a_terminated_session() {
    let scene = Scene::small();
    let target = TestDatabase::create();
    let (proxy, run) = scene.frozen(target.url(), scene.mid_copy());
    target
        .connect()
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .expect("end the sessions");
    proxy.thaw();
    scene.check(target.url(), &run.end(), FAILED, "the session was ended");
}

#[test]
fn timeouts_of_the_role_do_not_affect_a_copy() {
    let scene = Scene::small();
    // Once while rows are sent, once between two statements of a transaction.
    for (number, at) in [scene.mid_copy(), scene.mid_copy() - 1].into_iter().enumerate() {
        let target = TestDatabase::create();
        let role = format!("hasty_{}_{number}", std::process::id());
        let mut admin = target.connect();
        let (_, place) = target.url().split_once('@').expect("a user in the URL");
        let (_, database) = place.rsplit_once('/').expect("a database in the URL");
        admin
            .batch_execute(&format!(
                "CREATE ROLE {role} LOGIN PASSWORD 'S3cr3tWord'; ALTER DATABASE {database} OWNER TO {role};
                 ALTER ROLE {role} SET statement_timeout = '50ms';
                 ALTER ROLE {role} SET idle_in_transaction_session_timeout = '50ms'"
            ))
            .expect("make a role");
        let url = format!("postgres://{role}:S3cr3tWord@{place}");
        let (proxy, run) = scene.frozen(&url, at);
        std::thread::sleep(Duration::from_millis(300));
        proxy.thaw();
        let ended = run.end();
        assert!(!ended.stderr.contains("S3cr3tWord"), "{}", ended.stderr);
        scene.check(target.url(), &ended, &[], "the role has time limits");
        admin
            .batch_execute(&format!(
                "REASSIGN OWNED BY {role} TO current_user; DROP OWNED BY {role}; DROP ROLE {role}"
            ))
            .expect("drop the role");
    }
}

#[test]
fn a_lock_of_another_session_is_reported_after_the_lock_timeout() {
    let scene = Scene::small();
    // The first lock blocks every access, the second only writes.
    let locked = ["ACCESS EXCLUSIVE", "SHARE"].map(|mode| {
        let target = TestDatabase::create();
        scene.app.expect(0, &["db", "setup", "--database-url", target.url()]);
        let mut holder = target.connect();
        holder.batch_execute(&format!("BEGIN; LOCK TABLE batches IN {mode} MODE")).expect("lock");
        let run = scene.start(target.url());
        (target, holder, run)
    });
    for (target, mut holder, run) in locked {
        let ended = run.end();
        assert!([10, 21].contains(&ended.code), "exit {}: {}", ended.code, ended.stderr);
        let (error, hint) = ended.stderr.split_once("\nhint: ").expect("a hint");
        assert!(error.contains("due to lock timeout"), "{error}");
        assert!(hint.contains("lock") && hint.contains("run the command again"), "{hint}");
        holder.batch_execute("ROLLBACK").expect("unlock");
        scene.run_to_end(target.url(), "the lock is gone");
    }
}

#[test]
fn a_full_disk_is_reported_and_a_run_with_free_space_finishes() {
    let scene = Scene::whole(8000);
    let folder = tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o755))
        .tempdir()
        .expect("temporary folder");
    // In this order: the server is stopped before the disk is unmounted.
    let disk;
    let server = OwnServer::start();
    let Some(mounted) = Disk::mount(folder.path(), &server, "3m") else {
        skipped("only root may mount a small disk");
        return;
    };
    disk = mounted;
    let mut admin = PgConnection::establish(server.url()).expect("connect");
    admin
        .batch_execute(&format!("CREATE TABLESPACE small LOCATION '{}'", folder.path().display()))
        .expect("make a tablespace");
    admin.batch_execute("ALTER DATABASE postgres SET default_tablespace = small").expect("use it");
    let ended = scene.start(server.url()).end();
    assert_eq!(ended.code, 21, "{}", ended.stderr);
    assert!(ended.stderr.contains("No space left on device"), "{}", ended.stderr);
    assert!(ended.stderr.contains("free disk space"), "{}", ended.stderr);
    disk.enlarge("200m");
    scene.check(server.url(), &ended, FAILED, "the disk was full");
}

#[test]
fn an_interruption_at_any_time_ends_the_run_at_once() {
    let seed = test_seed::seed_or(1);
    let scene = Scene::whole(4000);
    let mut interrupted = 0;
    for place in 0..6 {
        let target = TestDatabase::create();
        let mut run = scene.start(target.url());
        // Before its first output the signal handler is not installed.
        while run.stderr().is_empty() && !run.has_ended() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(scattered(seed, place) % (1 + 100 * place)));
        let (ended, took) = run.interrupt();
        assert!(took < AT_ONCE, "it took {took:?}");
        scene.check(target.url(), &ended, &[50], "interrupted");
        interrupted += u32::from(ended.code == 50);
    }
    assert!(interrupted > 0, "every run ended before it was interrupted: raise the number of rows");
}

#[test]
fn an_interruption_ends_a_run_whose_server_does_not_respond() {
    let scene = Scene::small();
    for at in [1, scene.mid_copy(), scene.messages()] {
        let target = TestDatabase::create();
        let (proxy, run) = scene.frozen(target.url(), at);
        let (ended, took) = run.interrupt();
        assert_eq!(ended.code, 50, "{}", ended.stderr);
        assert!(took < AT_ONCE, "it took {took:?}");
        drop(proxy);
        scene.check(target.url(), &ended, &[50], "interrupted while frozen");
    }
}

#[test]
fn of_two_concurrent_runs_one_is_refused() {
    let scene = Scene::small();
    let target = TestDatabase::create();
    let (proxy, run) = scene.frozen(target.url(), scene.mid_copy());
    let second = scene.start(target.url()).end();
    assert_eq!(second.code, 10, "{}", second.stderr);
    assert!(second.stderr.contains("another run is writing to this target"), "{}", second.stderr);
    proxy.thaw();
    scene.check(target.url(), &run.end(), &[], "the first of two");
}

#[test]
fn a_run_survives_random_delays_and_disconnections() {
    let scene = Scene::small();
    let first = test_seed::seed_or(1);
    for seed in (0..3).map(|number| first.wrapping_add(number)) {
        let target = TestDatabase::create();
        let proxy = proxy(target.url(), Plan { fault: Fault::Weather(seed), ..Plan::NOTHING });
        let mut runs = 0;
        loop {
            let ended = scene.start(&through(target.url(), &proxy)).end();
            if ended.code == 0 {
                scene.check(target.url(), &ended, &[], "bad weather");
                break;
            }
            let waits = ended.code == 10 && ended.stderr.contains("another run");
            assert!(ended.code == 21 || waits, "seed {seed}, exit {}: {}", ended.code, ended.stderr);
            runs += u32::from(!waits);
            assert!(runs <= 10, "seed {seed}: ten connections were closed, and more runs failed");
        }
        assert!(proxy.fired().is_some());
    }
}
