//! Servers that are stopped for a while.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::cluster::SCRIPT;
use crate::own_server::OwnServer;

/// A stopped server that keeps its data.
pub(crate) struct Halted {
    folder: PathBuf,
}

impl Halted {
    /// Stops a server as its administrator would.
    pub(crate) fn new(server: &OwnServer) -> Self {
        let data = server.data();
        let folder = data.parent().expect("the data are in the folder of the script").to_owned();
        script("halt", &folder);
        Self { folder }
    }

    /// Starts it again.
    pub(crate) fn resume(self) {
        script("resume", &self.folder);
    }
}

/// A server that does not respond: all its processes are stopped by a signal, until this value is dropped.
pub(crate) struct Stalled {
    processes: Vec<String>,
}

impl Stalled {
    /// Stops the processes of the server with this data directory.
    pub(crate) fn new(folder: &Path) -> Self {
        let pid = std::fs::read_to_string(folder.join("data/postmaster.pid")).expect("it runs");
        let server = pid.lines().next().expect("its process").trim().to_owned();
        let mut this = Self { processes: vec![server.clone()] };
        // First the process that starts others.
        this.signal("-STOP");
        let all = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output().expect("run ps");
        let all = String::from_utf8(all.stdout).expect("numbers");
        let children = all.lines().filter_map(|line| {
            let (pid, parent) = line.trim().split_once(char::is_whitespace)?;
            (parent.trim() == server).then(|| pid.to_owned())
        });
        this.processes.extend(children);
        this.signal("-STOP");
        this
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").arg(signal).args(&self.processes).status();
        assert!(status.expect("run kill").success(), "kill {signal} {:?}", self.processes);
    }
}

impl Drop for Stalled {
    fn drop(&mut self) {
        // The server first: it may have ended some of the others in the meantime.
        for process in &self.processes {
            let status = Command::new("kill").args(["-CONT", process]).status();
            status.expect("run kill");
        }
    }
}

fn script(command: &str, folder: &Path) {
    let status = Command::new(SCRIPT).arg(command).arg(folder).status();
    assert!(status.expect("run scripts/postgres").success(), "scripts/postgres: its messages are above");
}

/// A streaming standby. Stopped with this value, or with this process.
pub(crate) struct Standby {
    shell: Child,
    url: String,
    folder: tempfile::TempDir,
}

/// Starts the standby, prints its URL, and stops it at the end of standard input.
const FOLLOW: &str = r#""$0" standby "$1" "$2" && cat >/dev/null; "$0" stop "$1""#;

impl Standby {
    /// Creates a standby of this server.
    pub(crate) fn of(server: &OwnServer) -> Self {
        let data = server.data();
        let primary = data.parent().expect("the data are in the folder of the script");
        // As root, the server runs as another user.
        let folder = tempfile::Builder::new()
            .permissions(std::fs::Permissions::from_mode(0o755))
            .tempdir()
            .expect("temporary folder");
        let mut shell = Command::new("sh")
            .args(["-c", FOLLOW, SCRIPT])
            .arg(folder.path().join("standby"))
            .arg(primary)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("run sh");
        let mut line = String::new();
        let stdout = shell.stdout.take().expect("its output is piped");
        BufReader::new(stdout).read_line(&mut line).expect("the output of scripts/postgres can be read");
        let url = line.trim_end().to_owned();
        assert!(!url.is_empty(), "no standby was started: the messages of scripts/postgres are above");
        Self { shell, url, folder }
    }

    /// The URL of its database `postgres`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Stops its processes by a signal.
    pub(crate) fn stall(&self) -> Stalled {
        Stalled::new(&self.folder.path().join("standby"))
    }

    /// Stops it for good, like an outage.
    pub(crate) fn halt(&self) {
        script("halt", &self.folder.path().join("standby"));
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        // Waiting closes its standard input first.
        let ended = self.shell.wait();
        assert!(std::thread::panicking() || ended.is_ok_and(|status| status.success()), "see above");
    }
}
