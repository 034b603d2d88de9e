//! A replica beside the primary: lists come from it as long as it is not too late.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use crate::client::Client;
use crate::halted::Standby;
use crate::own_server::OwnServer;
use crate::service::{Service, folder, until};

/// Long enough to ask a few times before it is passed.
const MAX_LAG: &str = "6000";
const PATIENCE: Duration = Duration::from_secs(60);
const LAG: &str = "db_replica_lag_seconds";

/// A primary, its replica, and a server on both, with somebody who writes and somebody who only reads.
struct Scene {
    service: Service,
    writer: Client,
    reader: Client,
    standby: Standby,
    // Dropped last: it does not end while it is followed.
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

    /// Writes a row, and waits until the reader sees it.
    fn see(&self, what: &str, name: &str) {
        let key = self.writer.create(name).expect("it is written");
        until(what, PATIENCE, || self.reader.customers().contains(&key).then_some(()));
    }

    /// Holds the replica where it is, at a moment when the reader reads there; gives a row that it has not got.
    fn hold(&self, replica: &mut PgConnection) -> i64 {
        // Who has just come, and who has just written, reads at the primary for a while.
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
fn lists_come_from_a_replica_that_is_not_too_late() {
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
fn reading_goes_on_at_the_primary_when_the_replica_is_gone() {
    let scene = Scene::new();
    let url = scene.standby.url();
    let mut replica = PgConnection::establish(url).expect("the replica accepts connections");
    // So that it is in use.
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
fn reading_goes_on_at_the_primary_when_the_replica_does_not_answer() {
    let scene = Scene::new();
    let url = scene.standby.url();
    let mut replica = PgConnection::establish(url).expect("the replica accepts connections");
    let key = scene.hold(&mut replica);
    let stalled = scene.standby.stall();
    // Until the lag is not known in time, who reads there is told to come again; without that, as often as there are
    // connections.
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
