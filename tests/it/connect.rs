//! Connections: TLS, and a specific message for each connection failure.

use std::io::{Read as _, Write as _};

use diesel::connection::SimpleConnection as _;

use crate::app::App;
use crate::cluster::TestDatabase;
use databases::url::DatabaseUrl;

/// The parts of the test database's URL: host, port, database, and the URL with other parts.
struct Parts {
    host: String,
    port: u16,
    database: String,
}

fn parts(target: &TestDatabase) -> Parts {
    let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(target.url()).expect("URL") else {
        panic!("the test database is PostgreSQL")
    };
    Parts {
        host: url.host().expect("host").to_owned(),
        port: url.port(),
        database: url.database().expect("database").to_owned(),
    }
}

#[test]
fn each_failure_has_a_message_with_address_and_hint_and_without_password() {
    let target = TestDatabase::create();
    let Parts { host, port, database } = parts(&target);
    let closed =
        std::net::TcpListener::bind("127.0.0.1:0").expect("bind").local_addr().expect("address").port();
    let role = format!("limited_{database}");
    let mut admin = target.connect();
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'S3cr3tWord'; REVOKE CONNECT ON DATABASE {database} FROM public"
        ))
        .expect("make a role");
    let app = App::new();
    for (url, says, hint) in [
        (
            format!("postgresql://{role}:S3cr3tWord@{host}:{closed}/{database}"),
            format!("no PostgreSQL server accepts connections at {host}:{closed}"),
            "pg_isready",
        ),
        (
            format!("postgresql://{role}:S3cr3tWord@host.invalid:{port}/{database}"),
            format!("the host name of host.invalid:{port} cannot be resolved"),
            "spelling",
        ),
        (
            format!("postgresql://{role}:S3cr3tWrong@{host}:{port}/{database}"),
            format!("rejected the password of `{role}` for database `{database}`"),
            "psql",
        ),
        (
            format!("postgresql://{role}:S3cr3tWord@{host}:{port}/nowhere"),
            "database `nowhere` does not exist".to_owned(),
            "createdb",
        ),
        (
            format!("postgresql://{role}:S3cr3tWord@{host}:{port}/{database}"),
            format!("`{role}` lacks the CONNECT privilege on database `{database}`"),
            "GRANT CONNECT",
        ),
        (
            format!(
                "postgresql://{role}:S3cr3tWord@{host}:{port}/{database}?sslmode=verify-full&sslrootcert=/nothing.crt"
            ),
            "the certificate of the server".to_owned(),
            "sslrootcert",
        ),
    ] {
        let ended = app.expect(21, &["-vv", "db", "health", "--database-url", &url]);
        assert!(ended.stderr.contains(&says), "{says}:\n{}", ended.stderr);
        assert!(ended.stderr.contains(hint), "{hint}:\n{}", ended.stderr);
        assert!(!ended.stderr.contains("S3cr3t"), "{}", ended.stderr);
    }
    admin.batch_execute(&format!("DROP ROLE {role}")).expect("drop the role");
}

#[test]
fn tls_is_used_when_required_and_the_certificate_is_verified() {
    let target = TestDatabase::create();
    let mut connection = target.connect();
    #[derive(diesel::QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Text)]
        ssl: String,
    }
    let setting: Setting = diesel::RunQueryDsl::get_result(
        diesel::sql_query("SELECT current_setting('ssl') AS ssl"),
        &mut connection,
    )
    .expect("setting");
    assert_eq!(setting.ssl, "on", "the test server offers no TLS: is openssl installed?");
    let app = App::new();
    let with = |parameters: &str| {
        let separator = if target.url().contains('?') { '&' } else { '?' };
        format!("{}{separator}{parameters}", target.url())
    };
    app.expect(11, &["db", "health", "--database-url", &with("sslmode=require")]);
    // With the certificate authority of scripts/postgres, `verify-full` succeeds.
    let authority: Setting = diesel::RunQueryDsl::get_result(
        diesel::sql_query("SELECT current_setting('ssl_cert_file') AS ssl"),
        &mut connection,
    )
    .expect("setting");
    let folders = std::path::Path::new(&authority.ssl).ancestors().skip(1);
    let root = folders.map(|folder| folder.join("root.crt")).find(|file| file.exists());
    let root = root.expect("scripts/postgres made an authority");
    let root = root.to_str().expect("UTF-8");
    let full = with(&format!("sslmode=verify-full&sslrootcert={root}&channel_binding=require"));
    app.expect(11, &["db", "health", "--database-url", &full]);
    // All connections of a copy use TLS.
    app.expect(0, &["db", "setup"]);
    app.expect(0, &["db", "seed", "--rows", "300"]);
    app.expect(0, &["db", "copy-from-sqlite", "--postgres", &full]);
    let untrusted =
        app.expect(21, &["db", "health", "--database-url", &with("sslmode=verify-ca&sslrootcert=system")]);
    assert!(!untrusted.stderr.contains("backoffice:"), "{}", untrusted.stderr);
}

#[test]
fn a_sqlite_file_is_created_by_setup_only() {
    let app = App::new();
    for arguments in [
        &["db", "status"][..],
        &["db", "health"],
        &["db", "migrate"],
        &["db", "rollback"],
        &["db", "redo"],
        &["db", "seed"],
    ] {
        let ended = app.expect(21, arguments);
        assert!(ended.stderr.contains("`./backoffice.db` does not exist"), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains("app db setup"), "{arguments:?}: {}", ended.stderr);
        assert!(!app.path("backoffice.db").exists(), "{arguments:?}");
    }
    app.expect(0, &["db", "setup"]);
    assert!(app.path("backoffice.db").exists());
}

#[test]
fn unusual_file_names_are_accepted() {
    let app = App::new();
    for name in ["with space.db", "question?.db", "percent%41.db", "hash#1.db", "ünï.db"] {
        app.expect(0, &["db", "setup", "--database-url", &format!("./{name}")]);
        assert!(app.path(name).exists(), "{name}");
    }
}

/// A role with the grants of README only, over the Unix socket, with SCRAM.
#[test]
fn the_documented_grants_are_sufficient_for_a_copy() {
    let this = crate::app::Move::seeded(500);
    let role = format!("mover_{}", std::process::id());
    this.on_target(&format!(
        "SET password_encryption = 'scram-sha-256'; CREATE ROLE {role} LOGIN PASSWORD 'x';
         GRANT USAGE, CREATE ON SCHEMA public TO {role};
         CREATE SCHEMA __backoffice_public AUTHORIZATION {role}"
    ));
    #[derive(diesel::QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Text)]
        folder: String,
    }
    let socket: Setting = diesel::RunQueryDsl::get_result(
        diesel::sql_query("SELECT split_part(current_setting('unix_socket_directories'), ',', 1) AS folder"),
        &mut this.postgres(),
    )
    .expect("setting");
    let place = this.target.url().split_once('@').expect("a user in the URL").1;
    let (host, database) = place.split_once('/').expect("a database in the URL");
    let port = host.rsplit_once(':').map_or("5432", |(_, port)| port);
    let url = if std::path::Path::new(&socket.folder).join(format!(".s.PGSQL.{port}")).exists() {
        format!("postgresql://{role}:x@:{port}/{database}?host={}", socket.folder)
    } else {
        // Another server, specified by its URL.
        format!("postgresql://{role}:x@{place}")
    };
    let copy = ["db", "copy-from-sqlite", "--postgres", &url];
    this.app.expect(0, &copy);
    this.app.expect(0, &copy);
    this.app.expect(0, &["db", "verify", "--postgres", &url]);
    this.on_target(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

/// Asks each client for its password in clear text, as an attacker in the place of the server would; returns its port.
/// What the client sends afterwards is sent to `heard`, for each connection.
fn impostor(heard: std::sync::mpsc::Sender<Vec<u8>>) -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
    let port = listener.local_addr().expect("address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("accept");
            stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("time limit");
            loop {
                let mut length = [0; 4];
                stream.read_exact(&mut length).expect("length of a packet");
                let length = usize::try_from(u32::from_be_bytes(length)).expect("length");
                let mut packet = vec![0; length - 4];
                stream.read_exact(&mut packet).expect("packet");
                // Requests of encryption have no more than their code.
                if length > 8 {
                    break;
                }
                stream.write_all(b"N").expect("refuse encryption");
            }
            // AuthenticationCleartextPassword (PostgreSQL manual, "Message Formats").
            stream.write_all(&[b'R', 0, 0, 0, 8, 0, 0, 0, 3]).expect("ask for the password");
            // A message has its type, its length, and its text; a client that says nothing closes the connection.
            let (mut head, mut said) = ([0; 5], Vec::new());
            if stream.read_exact(&mut head).is_ok() {
                let [_, length @ ..] = head;
                said.resize(usize::try_from(u32::from_be_bytes(length)).expect("length") - 4, 0);
                stream.read_exact(&mut said).expect("the password");
                // Refused, so that the client does not try again.
                let fields = b"SFATAL\0C28P01\0Mpassword authentication failed\0\0";
                let length = u32::try_from(fields.len() + 4).expect("length").to_be_bytes();
                stream.write_all(&[b"E".as_slice(), &length, fields].concat()).expect("refuse the password");
            }
            if heard.send(said).is_err() {
                return;
            }
        }
    });
    port
}

#[test]
fn a_server_elsewhere_gets_no_password_in_clear_text() {
    let (heard, said) = std::sync::mpsc::channel();
    let port = impostor(heard);
    let app = App::new();
    let health = |url: &str| app.expect(21, &["db", "health", "--database-url", url]).stderr;
    // 0.0.0.0 leads to this machine, but is not one of its names.
    let elsewhere = format!("postgres://app:S3cr3tWord@0.0.0.0:{port}/shop");
    let error = health(&elsewhere);
    assert!(error.contains("did not authenticate `app` by SCRAM"), "{error}");
    assert!(error.contains("require_auth"), "{error}");
    assert_eq!(said.recv().expect("a connection"), b"");
    // Where it is permitted, and on this machine, libpq decides.
    for permitted in [format!("{elsewhere}?require_auth=password"), elsewhere.replace("0.0.0.0", "127.0.0.1")]
    {
        health(&permitted);
        let said = said.recv().expect("a connection");
        assert!(said.windows(10).any(|part| part == b"S3cr3tWord"), "{permitted}");
    }
}
