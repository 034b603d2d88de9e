//! Other processes that write to the source: this test binary with only [`part`] selected, or Python.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{bank, open, workload};
use crate::running::HANGS;

/// The variable with the work of the process; without it, the test does nothing.
const WORK: &str = "BACKOFFICE_TEST_WORK";
const PATH: &str = "BACKOFFICE_TEST_PATH";
const SEED: &str = "BACKOFFICE_TEST_WORK_SEED";
const COUNT: &str = "BACKOFFICE_TEST_COUNT";

/// A process that writes; killed on drop.
pub(super) struct Writer(Child);

impl Writer {
    /// Executes transactions of this work until `count`.
    pub(super) fn start(work: &str, path: &Path, seed: u64, count: i64) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("own path"));
        command
            .args(["--exact", "sync::writers::part", "--ignored", "--nocapture"])
            .env(WORK, work)
            .env(PATH, path)
            .env(SEED, seed.to_string())
            .env(COUNT, count.to_string());
        Self::spawn(command)
    }

    /// Python with its own SQLite and its default settings; `None` if there is none.
    pub(super) fn python(script: &str, path: &Path, seed: u64, count: i64) -> Option<Self> {
        let has_sqlite =
            Command::new("python3").args(["-c", "import sqlite3"]).stderr(Stdio::null()).status();
        if !has_sqlite.is_ok_and(|status| status.success()) {
            return None;
        }
        let mut command = Command::new("python3");
        command.args(["-c", script]).arg(path).args([seed.to_string(), count.to_string()]);
        Some(Self::spawn(command))
    }

    fn spawn(mut command: Command) -> Self {
        Self(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("start a writer"))
    }

    /// Waits for its end.
    #[track_caller]
    pub(super) fn end(mut self) {
        let began = Instant::now();
        while !self.has_ended() {
            assert!(began.elapsed() < HANGS, "a writer hangs");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(self.0.wait().expect("wait").success(), "a writer failed: its messages are above");
    }

    pub(super) fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("ask for the writer").is_some()
    }
}

impl Drop for Writer {
    /// Kills it as in a crash, without clean-up.
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

#[test]
#[ignore = "run by other tests, as another process"]
fn part() {
    let argument = |name| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let (Some(work), Some(path)) = (argument(WORK), argument(PATH)) else { return };
    let connection = open(Path::new(&path));
    let seed = argument(SEED).and_then(|seed| seed.parse().ok()).expect("a seed");
    let count = argument(COUNT).and_then(|count| count.parse().ok()).expect("a number");
    match work.as_str() {
        "random" => workload::work(&connection, seed, count, Duration::from_millis(5)),
        "transfers" => bank::work(&connection, seed, count),
        other => panic!("no work {other}"),
    }
}
