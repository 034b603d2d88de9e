//! Copying through PgBouncer, where each transaction may meet another session of the server.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use backoffice::db::url::DatabaseUrl;

use crate::cluster::TestDatabase;
use crate::scene::{Scene, at_port};

/// Runs as this one, where it may not run as root.
const USER: &str = "nobody";

/// A PgBouncer in transaction mode before the test server, ended with this value.
struct Pooler {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Pooler {
    /// Starts one before the server of `url`; `None` where there is none and none can be installed.
    fn start(url: &str) -> Option<Self> {
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
        // The next moment another program could take the port; the test fails then, and says so.
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
                 pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 3\ndefault_pool_size = 8\n",
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
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        assert!(std::thread::panicking() || ended.is_ok(), "PgBouncer goes on: {ended:?}");
    }
}

fn find() -> Option<PathBuf> {
    // Debian puts it where only root looks.
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

#[test]
fn a_copy_through_a_pooler_of_transactions_is_complete() {
    let scene = Scene::whole(2000);
    let target = TestDatabase::create();
    let Some(pooler) = Pooler::start(target.url()) else {
        writeln!(std::io::stderr(), "SKIPPED: PgBouncer, which cannot be installed here").expect("tell");
        return;
    };
    let through = at_port(target.url(), pooler.port);
    let ended = scene.start(&through).end();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    scene.check(target.url(), &ended, &[], "through PgBouncer");
    // And once more, with everything there.
    let again = scene.start(&through).end();
    assert_eq!(again.code, 0, "{}", again.stderr);
    scene.check(target.url(), &again, &[], "through PgBouncer again");
    // Nothing of the runs holds the target while the pooler keeps their sessions.
    scene.run_to_end(target.url(), "beside PgBouncer");
}
