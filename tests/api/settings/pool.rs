//! The pool: number of connections, and timeouts.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel::{RunQueryDsl as _, select};

use super::SOON;
use crate::cluster::TestDatabase;
use crate::service::{Service, folder, until};
use crate::serving::on_both;

/// The metric of connections in this state.
fn connections(service: &Service, state: &str) -> Option<f64> {
    service.metric(&format!(r#"db_pool_connections{{pool="primary",state="{state}"}}"#))
}

/// Waits until there are this many.
fn has(service: &Service, state: &str, count: f64, patience: Duration) {
    let what = format!("{count} {state} connections");
    until(&what, patience, || connections(service, state).filter(|found| (found - count).abs() < 0.5));
}

#[test]
fn environment_and_limits_determine_the_number_of_connections() {
    on_both(|app, url| {
        for (variables, max, open) in [
            (&[][..], 15.0, 5.0),
            (&[("ENVIRONMENT", "development")][..], 15.0, 5.0),
            (&[("ENVIRONMENT", "production")][..], 30.0, 20.0),
            (&[("ENVIRONMENT", "serverless")][..], 5.0, 0.0),
            (&[("DB_POOL_MAX", "3"), ("DB_POOL_MIN", "2")][..], 3.0, 2.0),
            (&[("DB_POOL_MAX", "4")][..], 4.0, 4.0),
            (&[("ENVIRONMENT", "serverless"), ("DB_POOL_MIN", "1")][..], 5.0, 1.0),
        ] {
            let service = Service::start_with(app, url, variables);
            has(&service, "max", max, SOON);
            has(&service, "open", open, SOON);
            assert_eq!(service.client().get("/health").status, 200);
            // While one connection was in use, another was opened to keep the idle minimum.
            until("those that are kept ready are there", SOON, || {
                let (open_now, idle) = (connections(&service, "open")?, connections(&service, "idle")?);
                let is_kept = if open < 0.5 { open_now < 0.5 } else { idle >= open };
                (is_kept && open_now <= max).then_some(())
            });
            service.stop();
        }
    });
}

/// Locks a table.
fn locked(target: &TestDatabase, while_locked: impl FnOnce()) {
    let mut locker = target.connect();
    locker.batch_execute("BEGIN; LOCK TABLE customers IN ACCESS EXCLUSIVE MODE").expect("lock");
    while_locked();
    locker.batch_execute("COMMIT").expect("unlock");
}

/// Waits until a session waits for a lock.
fn waits_for_lock(target: &TestDatabase) {
    let waits = "EXISTS (SELECT FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock')";
    let mut connection = target.connect();
    until("a query waits", SOON, || {
        let query = select(sql::<Bool>(waits));
        query.get_result::<bool>(&mut connection).expect("ask").then_some(())
    });
}

#[test]
fn the_wait_for_a_connection_ends_after_db_pool_acquire() {
    let target = TestDatabase::create();
    let app = folder();
    app.expect(0, &["db", "setup", "--database-url", target.url()]);
    // Long enough for a new connection on a busy machine.
    let variables = [("DB_POOL_MAX", "1"), ("DB_POOL_ACQUIRE", "3000")];
    let service = Service::start_with(&app, target.url(), &variables);
    has(&service, "open", 1.0, SOON);
    let owner = service.client().register("ada@example.org");
    std::thread::scope(|scope| {
        let mut waiting = None;
        locked(&target, || {
            let client = owner.again_at(&service.base);
            waiting = Some(scope.spawn(move || client.get("/api/customers").status));
            waits_for_lock(&target);
            let refused = owner.get("/api/products");
            assert_eq!((refused.status, refused.body["code"].as_str()), (503, Some("unavailable")));
            assert!(refused.headers.contains_key("retry-after"), "{refused:?}");
            assert_eq!(service.metric("db_pool_timeouts_total"), Some(1.0));
        });
        let status = waiting.expect("it was sent").join().expect("an answer");
        assert_eq!(status, 200, "who has a connection may wait");
    });
    assert_eq!(owner.get("/api/products").status, 200);
    service.stop();
}

#[test]
fn a_query_is_slow_from_slow_query_ms_on() {
    let target = TestDatabase::create();
    let app = folder();
    app.expect(0, &["db", "setup", "--database-url", target.url()]);
    for (setting, is_slow) in [("200", true), ("0", false)] {
        let service = Service::start_with(&app, target.url(), &[("SLOW_QUERY_MS", setting)]);
        let owner = service.client().register(&format!("ada{setting}@example.org"));
        std::thread::scope(|scope| {
            locked(&target, || {
                let client = owner.again_at(&service.base);
                scope.spawn(move || assert_eq!(client.get("/api/customers").status, 200));
                waits_for_lock(&target);
                // The query must be slow.
                std::thread::sleep(Duration::from_millis(300));
            });
        });
        let log = service.log();
        let is_told = |line: &str| line.contains("slow query") && line.contains("customers");
        assert_eq!(log.lines().any(is_told), is_slow, "{setting}: {log}");
        service.stop();
    }
}

/// The pool closes idle connections every 30 seconds.
#[test]
#[ignore = "waits for half a minute; run it with `cargo test --test api -- --ignored db_pool_idle`"]
fn idle_connections_are_closed_after_db_pool_idle() {
    let target = TestDatabase::create();
    let app = folder();
    app.expect(0, &["db", "setup", "--database-url", target.url()]);
    for (idle, left) in [("1000", 0.0), ("600000", 1.0)] {
        let variables = [("DB_POOL_IDLE", idle), ("DB_POOL_MIN", "0")];
        let service = Service::start_with(&app, target.url(), &variables);
        assert_eq!(service.client().get("/health").status, 200);
        has(&service, "open", 1.0, SOON);
        if left < 0.5 {
            has(&service, "open", left, Duration::from_secs(90));
        } else {
            std::thread::sleep(Duration::from_secs(40));
            has(&service, "open", left, SOON);
        }
        service.stop();
    }
}
