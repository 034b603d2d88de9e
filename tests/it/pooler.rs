//! PgBouncer in transaction mode: each transaction may use another session of the server.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use databases::url::DatabaseUrl;

/// PgBouncer counts as hanging after this time.
const HANGS: Duration = Duration::from_secs(60);

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
        let file = |name: &str, text: String| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("write a setting");
            path
        };
        let password = url.password().expect("the test server asks for a password").expose();
        let users = file("users", format!("\"{}\" \"{password}\"\n", url.user().expect("a user")));
        let settings = |port: u16| {
            format!(
                "[databases]\n* = host={host} port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
                 listen_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {users}\n\
                 pool_mode = transaction\nserver_round_robin = 1\n{settings}\n",
                host = url.host().expect("a host"),
                server = url.port(),
                users = users.display(),
            )
        };
        let mut command = Command::new(program);
        command.arg("-q").arg(folder.path().join("settings")).stdin(Stdio::null());
        if id(&["-u"]) == 0 {
            let (user, group) = (id(&["-u", USER]), id(&["-g", USER]));
            chown(&users, Some(user), Some(group)).expect("give away a file");
            command.uid(user).gid(group);
        }
        std::fs::set_permissions(&users, std::fs::Permissions::from_mode(0o600)).expect("hide the password");
        // Another program can take the port before PgBouncer does, which ends then.
        for _ in 0..5 {
            let port =
                TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
            file("settings", settings(port));
            let mut process = command.spawn().expect("start PgBouncer");
            if listens(&mut process, port) {
                return Some(Self { process, port, _folder: folder });
            }
        }
        panic!("PgBouncer ended five times: its messages are above");
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

/// Waits until the process listens at this port; false when it ends instead.
fn listens(process: &mut Child, port: u16) -> bool {
    let began = Instant::now();
    loop {
        let is_open = TcpStream::connect(("127.0.0.1", port)).is_ok();
        if process.try_wait().expect("ask for PgBouncer").is_some() {
            return false;
        }
        if is_open {
            return true;
        }
        assert!(began.elapsed() < HANGS, "PgBouncer does not listen");
        std::thread::sleep(Duration::from_millis(10));
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
