//! A read replica: lists are read from it while its lag is within the limit.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use crate::client::Client;
use crate::halted::Standby;
use crate::own_server::OwnServer;
use crate::service::{Service, folder, until};

/// Long enough for a few requests before it is exceeded.
const MAX_LAG: &str = "6000";
const PATIENCE: Duration = Duration::from_secs(60);
const LAG: &str = "db_replica_lag_seconds";

/// A primary, its replica, and a server that uses both, with a user who writes and a user who only reads.
struct Scene {
    service: Service,
    writer: Client,
    reader: Client,
    standby: Standby,
    // Dropped last: it does not stop while the standby is connected.
    _primary: OwnServer,
    _app: crate::app::App,
}

impl Scene {
    fn new() -> Self {
        let primary = OwnServer::start();
        let app = folder();
        app.expect(0, &["db", "setup", "--database-url", primary.url()]);
        let standby = Standby::of(&primary);
        let variables = [
            ("DATABASE_REPLICA_URL", standby.url()),
            ("REPLICA_MAX_LAG", MAX_LAG),
            ("REQUEST_TIMEOUT", "5000"),
            ("DB_POOL_MIN", "10"),
        ];
        let service = Service::start_with(&app, primary.url(), &variables);
        let writer = service.client().register("ada@example.org");
        let reader = writer.join("member", "bob@example.org");
        let this = Self { service, writer, reader, standby, _primary: primary, _app: app };
        until("the replica's lag is known", PATIENCE, || this.service.metric(LAG));
        this.see("what is replayed", "first");
        this
    }

    /// Creates a row, and waits until the reader sees it.
    fn see(&self, what: &str, name: &str) {
        let key = self.writer.create(name).expect("it is written");
        until(what, PATIENCE, || self.reader.customers().contains(&key).then_some(()));
    }

    /// Pauses replay while the reader uses the replica; returns a row that the replica does not have.
    fn hold(&self, replica: &mut PgConnection) -> i64 {
        // A new user, and a user who has just written, read from the primary for a while.
        until("the reader reads at the replica", PATIENCE, || {
            replica.batch_execute("SELECT pg_wal_replay_pause()").expect("pause");
            let key = self.writer.create("not replayed").expect("it is written");
            let is_seen = self.reader.customers().contains(&key);
            if is_seen {
                replica.batch_execute("SELECT pg_wal_replay_resume()").expect("resume");
            }
            (!is_seen).then_some(key)
        })
    }
}

#[test]
fn lists_are_read_from_a_replica_within_the_lag_limit() {
    let scene = Scene::new();
    let url = scene.standby.url();
    let mut replica = PgConnection::establish(url).expect("the replica accepts connections");
    let key = scene.hold(&mut replica);
    assert!(scene.writer.customers().contains(&key), "who wrote reads what they wrote");
    let one = scene.reader.get(&format!("/api/customers/{key}"));
    assert_eq!(one.status, 200, "one row is read at the primary");
    until("it is seen at the primary", PATIENCE, || scene.reader.customers().contains(&key).then_some(()));
    let lag = scene.service.metric(LAG).expect("it was measured");
    assert!(lag > 1.0, "{lag}");

    replica.batch_execute("SELECT pg_wal_replay_resume()").expect("resume");
    until("the lag is small", PATIENCE, || scene.service.metric(LAG).filter(|lag| *lag < 1.0));
    scene.hold(&mut replica);
    replica.batch_execute("SELECT pg_wal_replay_resume()").expect("resume");
    scene.service.stop();
}

#[test]
fn reads_fall_back_to_the_primary_when_the_replica_is_down() {
    let scene = Scene::new();
    let url = scene.standby.url();
    let mut replica = PgConnection::establish(url).expect("the replica accepts connections");
    // So that the replica is in use.
    scene.hold(&mut replica);
    drop(replica);
    scene.standby.halt();
    for number in 0..20 {
        let key = scene.writer.create(&format!("after it {number}")).expect("it is written");
        let read = scene.reader.get("/api/customers?limit=5");
        assert_eq!(read.status, 200, "{}", read.body);
        assert!(scene.writer.customers().contains(&key));
        assert_eq!(scene.service.client().get("/health/ready").status, 200);
    }
    scene.see("the reader reads at the primary", "last");
    scene.service.stop();
}

#[test]
fn reads_fall_back_to_the_primary_when_the_replica_does_not_respond() {
    let scene = Scene::new();
    let url = scene.standby.url();
    let mut replica = PgConnection::establish(url).expect("the replica accepts connections");
    let key = scene.hold(&mut replica);
    let stalled = scene.standby.stall();
    // Until the lag measurement times out, requests to the replica get 503; at most as many as there are connections.
    let mut in_vain = 0;
    until("the reader reads at the primary", PATIENCE, || {
        let read = scene.reader.get("/api/customers?limit=200");
        let is_known = read.status == 503 && read.body["code"] == "timeout";
        assert!(read.status == 200 || is_known, "{read:?}");
        in_vain += u32::from(is_known);
        (read.status == 200).then_some(())
    });
    assert!((1..=5).contains(&in_vain), "{in_vain}");
    for _ in 0..20 {
        assert!(scene.reader.customers().contains(&key));
    }
    drop(stalled);
    replica.batch_execute("SELECT pg_wal_replay_resume()").expect("resume");
    scene.hold(&mut replica);
    scene.service.stop();
}
