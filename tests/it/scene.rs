//! A source, the expected end state of its copy, and runs with injected faults.

use std::time::{Duration, Instant};

use crate::app::{App, Ended};
use crate::cluster::TestDatabase;
use crate::end_state::{assert_complete, end_state};
use crate::pooler::at_port;
use crate::proxy::{Fault, Plan, Proxy};
use crate::running::{HANGS, Running};
use databases::url::DatabaseUrl;

/// A few tables, for many runs: UUID and integer keys, and a table that refers to itself.
const FEW: &str =
    "organizations,users,organization_settings,batches,document_metadata,recurring_patterns,tasks";

/// A seeded source, and the end state of an undisturbed run.
pub(crate) struct Scene {
    pub(crate) app: App,
    /// The command, without the target.
    command: Vec<&'static str>,
    /// Its exit code.
    code: i32,
    /// The end state that every run must reach.
    pub(crate) complete: Vec<String>,
    /// The kinds of the messages of an undisturbed run.
    messages: Vec<u8>,
}

impl Scene {
    /// A few rows of a few tables.
    pub(crate) fn small() -> Self {
        Self::seeded(250, &["db", "copy-from-sqlite", "--tables", FEW])
    }

    /// This number of rows, of all tables.
    pub(crate) fn whole(rows: u32) -> Self {
        Self::seeded(rows, &["db", "copy-from-sqlite"])
    }

    fn seeded(rows: u32, command: &[&'static str]) -> Self {
        let app = App::new();
        app.expect(0, &["db", "setup"]);
        app.expect(0, &["db", "seed", "--rows", &rows.to_string()]);
        Self::of(app, command, 0)
    }

    /// A scene of the files in the directory, a command that copies them to a target, and its exit code.
    pub(crate) fn of(app: App, command: &[&'static str], code: i32) -> Self {
        let command = command.to_vec();
        let mut this = Self { app, command, code, complete: Vec::new(), messages: Vec::new() };
        let target = TestDatabase::create();
        let proxy = proxy(target.url(), Plan::NOTHING);
        let ended = this.start(&through(target.url(), &proxy)).end();
        assert_eq!(ended.code, code, "{}", ended.stderr);
        this.complete = end_state(target.url());
        this.messages = proxy.seen();
        this
    }

    /// The number of messages of an undisturbed run.
    pub(crate) fn messages(&self) -> u64 {
        u64::try_from(self.messages.len()).expect("not so many")
    }

    /// The number of the middle one of the messages with rows.
    pub(crate) fn mid_copy(&self) -> u64 {
        let rows: Vec<u64> =
            (1..).zip(&self.messages).filter(|(_, kind)| **kind == b'd').map(|(number, _)| number).collect();
        *rows.get(rows.len() / 2).expect("a run sends rows")
    }

    /// Starts the copy to `url`.
    pub(crate) fn start(&self, url: &str) -> Running<'_> {
        Running::start(&self.app, &[&self.command[..], &["--postgres", url]].concat())
    }

    /// Runs the copy through a proxy. Returns the run, and the message with the fault if there was one.
    pub(crate) fn disturb(&self, url: &str, plan: Plan) -> (Ended, Option<String>) {
        let proxy = proxy(url, plan);
        let run = self.start(&through(url, &proxy));
        proxy.set_program(run.process());
        let ended = run.end();
        (ended, proxy.fired())
    }

    /// A run that is blocked at message `at` until the proxy thaws.
    pub(crate) fn frozen(&self, url: &str, at: u64) -> (Proxy, Running<'_>) {
        let proxy = proxy(url, Plan { fault: Fault::Freeze, at, lasting: false });
        let mut run = self.start(&through(url, &proxy));
        let began = Instant::now();
        while proxy.fired().is_none() {
            assert!(began.elapsed() < HANGS, "message {at} does not come: {}", run.stderr());
            assert!(!run.has_ended(), "the run ended before message {at}: {}", run.stderr());
            std::thread::sleep(Duration::from_millis(1));
        }
        (proxy, run)
    }

    /// Asserts that a disturbed run has completed the copy, or has ended with one of `codes` and that a second run
    /// finishes it.
    #[track_caller]
    pub(crate) fn check(&self, url: &str, ended: &Ended, codes: &[i32], what: &str) {
        let what = format!("{what}\nexit {}, {}", ended.code, ended.stderr);
        assert_no_password(url, ended, &what);
        if ended.code == self.code {
            assert_complete(&self.complete, url, &what);
        } else {
            assert!(codes.contains(&ended.code), "{what}");
            self.run_to_end(url, &what);
        }
    }

    /// Runs the copy without faults, repeatedly as long as another run holds the lock: the server detects only after a
    /// moment that a client is gone.
    #[track_caller]
    pub(crate) fn run_to_end(&self, url: &str, what: &str) {
        let mut ended = self.start(url).end();
        for _ in 0..200 {
            if ended.code != 10 || !ended.stderr.contains("another run is writing to this target") {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
            ended = self.start(url).end();
        }
        assert_no_password(url, &ended, what);
        assert_eq!(ended.code, self.code, "{what}\nthe run after it: {}", ended.stderr);
        assert_complete(&self.complete, url, what);
    }
}

#[track_caller]
fn assert_no_password(url: &str, ended: &Ended, what: &str) {
    let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(url).expect("a URL") else {
        panic!("not PostgreSQL")
    };
    let password = url.password().expect("the test server asks for a password").expose();
    assert!(!ended.stdout.contains(password) && !ended.stderr.contains(password), "a password: {what}");
}

/// A proxy in front of the server of `url`.
pub(crate) fn proxy(url: &str, plan: Plan) -> Proxy {
    let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(url).expect("a URL") else {
        panic!("not PostgreSQL")
    };
    Proxy::start(url.host().expect("a host"), url.port(), plan)
}

/// `url` through the proxy, without TLS, which the proxy cannot parse.
pub(crate) fn through(url: &str, proxy: &Proxy) -> String {
    format!("{}?sslmode=disable", at_port(url, proxy.port()))
}
