//! The program as a server process: started, used over TCP, and stopped in several ways.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::app::App;
use crate::client::Client;

/// A server that takes longer hangs, which is a bug.
const HANGS: Duration = Duration::from_secs(180);

/// A valid key, searched for in all output.
pub(crate) const SECRET_KEY: &str = "5e0b9c71d2f84a36be17c09d4af362e85b7d10c94e6fa238";

/// Passwords and keys, which must not be in any output.
const SECRETS: [&str; 3] = [SECRET_KEY, crate::site::PASSWORD, METRICS_TOKEN];

/// The metrics token.
pub(crate) const METRICS_TOKEN: &str = "a-token-for-the-metrics";

/// Repeats `work` until it returns a value; panics with `what` after the timeout.
#[track_caller]
pub(crate) fn until<T>(what: &str, patience: Duration, mut work: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(value) = work() {
            return value;
        }
        assert!(began.elapsed() < patience, "not within {patience:?}: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A directory for a server, with a persistent key, and without limits that tests would reach.
pub(crate) fn folder() -> App {
    App::new().env("SECRET_KEY", SECRET_KEY).env("SIGN_IN_ATTEMPTS", "1000")
}

/// A process of `app serve`. Killed when dropped; its output must not contain secrets.
pub(crate) struct Service {
    child: Child,
    /// Scheme, address and port.
    pub(crate) base: String,
    stdout: PathBuf,
    stderr: PathBuf,
    secrets: Vec<String>,
}

impl Service {
    /// Starts it on this database and any free port, and waits until it listens.
    pub(crate) fn start(app: &App, url: &str) -> Self {
        Self::start_with(app, url, &[])
    }

    /// Like [`start`](Self::start), with additional environment variables.
    pub(crate) fn start_with(app: &App, url: &str, variables: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = |name: &str| app.path(&format!("{name}.{number}"));
        let (stdout, stderr) = (path("stdout"), path("stderr"));
        let create = |path: &Path| File::create(path).expect("make a file");
        let mut command = app.command(&["serve"]);
        command.env("PORT", "0").env("DATABASE_URL", url).envs(variables.iter().copied());
        let child = command.stdout(create(&stdout)).stderr(create(&stderr)).spawn().expect("start");
        let mut secrets: Vec<String> = SECRETS.map(str::to_owned).into();
        let password = url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(user, _)| user);
        secrets
            .extend(password.and_then(|user| user.split_once(':')).map(|(_, password)| password.to_owned()));
        let mut this = Self { child, base: String::new(), stdout, stderr, secrets };
        this.base = until("the server listens", HANGS, || {
            let said = std::fs::read_to_string(&this.stdout).expect("output is UTF-8");
            let (line, _) = said.split_once('\n')?;
            let (_, base) = line.rsplit_once(" at ")?;
            Some(base.to_owned())
        });
        this
    }

    /// Address and port.
    pub(crate) fn address(&self) -> &str {
        self.base.split_once("://").expect("a scheme").1
    }

    /// The id of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// A client without a session.
    pub(crate) fn client(&self) -> Client {
        Client::of(&self.base)
    }

    /// Its standard error so far: the log.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.stderr).expect("output is UTF-8")
    }

    /// The value of this metric.
    pub(crate) fn metric(&self, line: &str) -> Option<f64> {
        let answer = self.client().ask_with("GET", "/metrics", &[], &serde_json::Value::Null);
        let text = answer.body.as_str().expect("metrics are text").to_owned();
        text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' ')?.parse().ok())
    }

    /// Kills it, like a crash.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("wait");
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(status.expect("run kill").success());
    }

    /// Waits for its end, and returns its exit code.
    pub(crate) fn end(&mut self) -> i32 {
        let status = until("the server ends", HANGS, || self.child.try_wait().expect("ask for the server"));
        status.code().unwrap_or(-1)
    }

    /// Sends SIGTERM, and expects exit code 0.
    pub(crate) fn stop(mut self) {
        self.terminate();
        assert_eq!(self.end(), 0, "{}", self.log());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
        }
        if std::thread::panicking() {
            return;
        }
        let said = std::fs::read_to_string(&self.stdout).expect("output is UTF-8") + &self.log();
        let found: Vec<_> = self.secrets.iter().filter(|secret| said.contains(secret.as_str())).collect();
        assert!(found.is_empty(), "{found:?} in {said}");
    }
}
