//! A run of the program in the background, which a test can observe and interrupt.

use std::fs::File;
use std::process::Child;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::app::{App, Ended};
use crate::proxy::signal;

/// After this time a run is considered to hang, also on a busy machine.
pub(crate) const HANGS: Duration = Duration::from_secs(180);

/// A run of the program.
pub(crate) struct Running<'a> {
    app: &'a App,
    child: Child,
    number: u32,
}

impl<'a> Running<'a> {
    /// Starts the program.
    pub(crate) fn start(app: &'a App, arguments: &[&str]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let file = |name: &str| File::create(app.path(&format!("{name}.{number}"))).expect("make a file");
        let mut command = app.command(arguments);
        let child = command.stdout(file("stdout")).stderr(file("stderr")).spawn().expect("start the program");
        Self { app, child, number }
    }

    /// The process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("ask for the program").is_some()
    }

    /// Its standard error so far.
    pub(crate) fn stderr(&self) -> String {
        self.output("stderr")
    }

    /// Waits until it has written this to standard error.
    pub(crate) fn wait_for(&mut self, words: &str) {
        let began = Instant::now();
        while !self.stderr().contains(words) {
            // In this order: what it wrote last is seen after its end.
            let has_ended = self.has_ended();
            assert!(
                !has_ended || self.stderr().contains(words),
                "it ended without `{words}`: {}",
                self.stderr()
            );
            assert!(began.elapsed() < HANGS, "`{words}` does not come: {}", self.stderr());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn output(&self, name: &str) -> String {
        std::fs::read_to_string(self.app.path(&format!("{name}.{}", self.number))).expect("output is UTF-8")
    }

    /// Kills it if it has not ended.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("kill");
    }

    /// Sends Ctrl-C, and returns the result of the run and how long it took to end.
    pub(crate) fn interrupt(self) -> (Ended, Duration) {
        let began = Instant::now();
        signal(self.process(), "-INT");
        (self.end(), began.elapsed())
    }

    /// Waits for the end. The code of a run that was killed is -1.
    pub(crate) fn end(mut self) -> Ended {
        let began = Instant::now();
        while !self.has_ended() {
            if began.elapsed() > HANGS {
                self.child.kill().expect("kill");
                self.child.wait().expect("wait");
                panic!("the run hangs; until then it said: {}", self.stderr());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let code = self.child.wait().expect("wait").code().unwrap_or(-1);
        let ended = Ended { code, stdout: self.output("stdout"), stderr: self.stderr() };
        for name in ["stdout", "stderr"] {
            std::fs::remove_file(self.app.path(&format!("{name}.{}", self.number))).expect("remove");
        }
        ended
    }
}
