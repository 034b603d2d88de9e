//! PgBouncer in transaction mode: each transaction may use another session of the server.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use databases::url::DatabaseUrl;

/// The user that PgBouncer runs as, because it refuses to run as root.
const USER: &str = "nobody";

/// A PgBouncer in transaction mode in front of the test server, stopped on drop.
pub(crate) struct Pooler {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Pooler {
    /// Starts one in front of the server of `url`, with these additional settings; `None` if there is none and none can
    /// be installed.
    pub(crate) fn start(url: &str, settings: &str) -> Option<Self> {
        let program = find().or_else(|| {
            install();
            find()
        })?;
        let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(url).expect("a URL") else {
            panic!("PostgreSQL")
        };
        let folder = tempfile::Builder::new()
            .permissions(std::fs::Permissions::from_mode(0o755))
            .tempdir()
            .expect("temporary folder");
        // Another program could take the port before PgBouncer does; the test then fails.
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let file = |name: &str, text: String| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("write a setting");
            path
        };
        let password = url.password().expect("the test server asks for a password").expose();
        let users = file("users", format!("\"{}\" \"{password}\"\n", url.user().expect("a user")));
        let settings = file(
            "settings",
            format!(
                "[databases]\n* = host={host} port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
                 listen_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {users}\n\
                 pool_mode = transaction\nserver_round_robin = 1\n{settings}\n",
                host = url.host().expect("a host"),
                server = url.port(),
                users = users.display(),
            ),
        );
        let mut command = Command::new(program);
        command.arg("-q").arg(&settings).stdin(Stdio::null());
        if id(&["-u"]) == 0 {
            let (user, group) = (id(&["-u", USER]), id(&["-g", USER]));
            chown(&users, Some(user), Some(group)).expect("give away a file");
            command.uid(user).gid(group);
        }
        std::fs::set_permissions(&users, std::fs::Permissions::from_mode(0o600)).expect("hide the password");
        let mut this = Self { process: command.spawn().expect("start PgBouncer"), port, _folder: folder };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                this.process.try_wait().expect("ask").is_none(),
                "PgBouncer ended: its messages are above"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(this)
    }

    /// User, password and database of `url`, through this pooler.
    pub(crate) fn url(&self, url: &str) -> String {
        at_port(url, self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        assert!(std::thread::panicking() || ended.is_ok(), "PgBouncer goes on: {ended:?}");
    }
}

fn find() -> Option<PathBuf> {
    // Debian installs it in a directory that only root has on its PATH.
    let places = ["pgbouncer", "/usr/sbin/pgbouncer"].into_iter().map(Path::new);
    let works = |place: &&Path| {
        let output = Command::new(place).arg("--version").output();
        output.is_ok_and(|output| output.status.success())
    };
    places.into_iter().find(works).map(Path::to_owned)
}

fn install() {
    // At run level 1 Debian does not start what it installs.
    let install =
        "apt-get update; apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 pgbouncer";
    let output = Command::new("sh")
        .args(["-c", install])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("RUNLEVEL", "1")
        .stdin(Stdio::null())
        .output()
        .expect("run sh");
    if !output.status.success() {
        let mut stderr = std::io::stderr();
        stderr.write_all(&output.stderr).expect("tell");
    }
}

fn id(arguments: &[&str]) -> u32 {
    let output = Command::new("id").args(arguments).output().expect("run id");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

/// User, password and database of `url`, at another port of this machine.
pub(crate) fn at_port(url: &str, port: u16) -> String {
    let (user, rest) = url.split_once('@').expect("a user in the URL");
    let (_, rest) = rest.split_once('/').expect("a database in the URL");
    let database = rest.split('?').next().unwrap_or_default();
    format!("{user}@127.0.0.1:{port}/{database}")
}
