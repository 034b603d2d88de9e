//! Opening connections: the settings of every connection, and the errors when one cannot be opened.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use diesel::connection::{CacheSize, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{
    Connection as _, ConnectionError, PgConnection, QueryResult, QueryableByName, RunQueryDsl as _,
    SqliteConnection,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::catalog::unknown_collations;
use super::connection::AnyConnection;
use super::failure::Failure;
use super::refusal::failure_of;
use super::retry::with_retries;
use super::url::{DatabaseUrl, PostgresUrl, SqlitePath};
use crate::error::{ExitStatus, Explain};
use crate::hint::Hint;

/// What a SQLite file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading only: no statement can write, and the file is not created.
    Read,
    /// Reading and writing a file that exists.
    Write,
    /// Reading and writing; the file is created when it does not exist.
    Create,
    /// Reading a file of any application, and writing to tables of our own in it. Its journal mode stays as it is.
    Follow,
}

/// The purpose of a PostgreSQL connection, which decides its timeouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Serving requests: short timeouts.
    Serve,
    /// Changing the schema: no statement timeout, a short lock timeout.
    Move,
    /// Copying and comparing, where each transaction has its own settings: no session settings and no prepared
    /// statements, because neither survives PgBouncer in transaction mode.
    Copy,
}

/// A database that could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The SQLite file does not exist.
    #[error("SQLite database `{}` does not exist", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The path is a directory.
    #[error("`{}` is a directory, not a SQLite database", path.display())]
    Folder {
        /// The directory.
        path: PathBuf,
    },
    /// SQLite cannot open the file.
    #[error("{} `{}`", sqlite_headline(*failure), path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What kind of failure it is.
        failure: Failure,
        /// The error of SQLite.
        #[source]
        source: ConnectionError,
    },
    /// PostgreSQL cannot be reached or refuses the connection.
    #[error("{}", postgres_headline(*failure, url))]
    Postgres {
        /// Its URL.
        url: Box<PostgresUrl>,
        /// What kind of failure it is.
        failure: Failure,
        /// The error of libpq.
        #[source]
        source: ConnectionError,
    },
}

impl OpenError {
    /// The kind of failure.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Missing { .. } | Self::Folder { .. } => Failure::CannotOpen,
            Self::Sqlite { failure, .. } | Self::Postgres { failure, .. } => *failure,
        }
    }
}

/// Opens the database, retrying transient failures.
///
/// # Errors
/// When it cannot be opened.
pub fn open(url: &DatabaseUrl, access: Access, purpose: Purpose) -> Result<AnyConnection, OpenError> {
    match url {
        DatabaseUrl::Sqlite(path) => open_sqlite(path, access).map(AnyConnection::Sqlite),
        DatabaseUrl::Postgres(url) => open_postgres(url, purpose).map(AnyConnection::Postgres),
    }
}

/// As [`open`], without retries: for callers that retry themselves.
///
/// # Errors
/// When it cannot be opened.
pub fn open_once(url: &DatabaseUrl, access: Access, purpose: Purpose) -> Result<AnyConnection, OpenError> {
    match url {
        DatabaseUrl::Sqlite(path) => try_open_sqlite(path.path(), access).map(AnyConnection::Sqlite),
        DatabaseUrl::Postgres(url) => try_open_postgres(url, purpose).map(AnyConnection::Postgres),
    }
}

/// Opens a SQLite file, retrying transient failures.
///
/// # Errors
/// When it cannot be opened, or is not a SQLite database.
pub fn open_sqlite(path: &SqlitePath, access: Access) -> Result<SqliteConnection, OpenError> {
    open_sqlite_file(path.path(), access)
}

/// As [`open_sqlite`], for a file that this program created.
///
/// # Errors
/// When it cannot be opened, or is not a SQLite database.
pub fn open_sqlite_file(path: &Path, access: Access) -> Result<SqliteConnection, OpenError> {
    // A reader has already waited for the lock (busy_timeout). For the switch to WAL, SQLite does not wait.
    let waited = |failure| access == Access::Read && failure == Failure::Busy;
    with_retries(
        || try_open_sqlite(path, access),
        |error| error.failure().is_transient() && !waited(error.failure()),
    )
}

/// Opens a PostgreSQL database, retrying transient failures.
///
/// # Errors
/// When it cannot be opened.
pub fn open_postgres(url: &PostgresUrl, purpose: Purpose) -> Result<PgConnection, OpenError> {
    with_retries(|| try_open_postgres(url, purpose), |error| error.failure().is_transient())
}

/// All characters that must be percent-encoded in a URI path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// Creates the file for its owner only; SQLite gives what it writes beside a file the permissions of that file. If it
/// cannot be created, SQLite reports why.
fn create_private(path: &Path) {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if let Err(error) = options.open(path) {
        tracing::debug!(%error, "create the database file");
    }
}

fn try_open_sqlite(path: &Path, access: Access) -> Result<SqliteConnection, OpenError> {
    if path.is_dir() {
        return Err(OpenError::Folder { path: path.to_owned() });
    }
    if access != Access::Create && !path.exists() {
        return Err(OpenError::Missing { path: path.to_owned() });
    }
    if access == Access::Create {
        create_private(path);
    }
    let mode = match access {
        Access::Read => "ro",
        Access::Write | Access::Follow => "rw",
        Access::Create => "rwc",
    };
    let uri = format!("file:{}?mode={mode}", percent_encode(path.as_os_str().as_encoded_bytes(), PATH));
    // SQLite (pragma.html): the busy timeout is set first, so that the other pragmas wait too. Reading the schema
    // fails if the file is not a database.
    let settings = match access {
        Access::Read => {
            "PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; \
             SELECT count(*) FROM sqlite_schema;"
        }
        Access::Follow => {
            "PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; SELECT count(*) FROM sqlite_schema;"
        }
        Access::Write | Access::Create => {
            "PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; \
             PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; SELECT count(*) FROM sqlite_schema;"
        }
    };
    let failed = |source: ConnectionError| OpenError::Sqlite {
        path: path.to_owned(),
        failure: Failure::of_connection(&source),
        source,
    };
    let mut connection = SqliteConnection::establish(&uri).map_err(failed)?;
    connection
        .batch_execute(settings)
        .map_err(|error| failed(ConnectionError::CouldntSetupConfiguration(error)))?;
    if matches!(access, Access::Read | Access::Follow) {
        register_collations(&mut connection)
            .map_err(|error| failed(ConnectionError::CouldntSetupConfiguration(error)))?;
    }
    tracing::debug!(path = %path.display(), ?access, "opened SQLite database");
    Ok(connection)
}

#[derive(QueryableByName)]
struct StatementRow {
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Makes the collations that the application of this file defines known by their names: otherwise SQLite does not read
/// tables that use them. Their order is not known, so no query may depend on it; and a connection that writes to
/// these tables must not have them.
fn register_collations(connection: &mut SqliteConnection) -> QueryResult<()> {
    let query = "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql LIKE '%collate%'";
    let rows: Vec<StatementRow> = diesel::sql_query(query).load(connection)?;
    let names: BTreeSet<String> = rows.iter().flat_map(|row| unknown_collations(&row.sql)).collect();
    names.iter().try_for_each(|name| connection.register_collation(name, |left, right| left.cmp(right)))
}

/// The method of authentication that a server elsewhere must use, unless the URL has `require_auth`: whoever answers in
/// its place must not get the password in clear text or as an MD5 hash (PostgreSQL manual, "Database Connection Control
/// Functions", `require_auth`). A server that authenticates by the client's certificate uses no other method.
fn required_authentication(url: &PostgresUrl) -> Option<&'static str> {
    (!url.is_local() && url.param("sslcert").is_none()).then_some("scram-sha-256")
}

/// Opens a PostgreSQL database, without retries.
///
/// # Errors
/// When it cannot be opened.
pub fn try_open_postgres(url: &PostgresUrl, purpose: Purpose) -> Result<PgConnection, OpenError> {
    let mut defaults =
        vec![("application_name", "backoffice"), ("connect_timeout", "10"), ("keepalives_idle", "30")];
    defaults.extend(required_authentication(url).map(|method| ("require_auth", method)));
    let conninfo = url.to_conninfo(&defaults);
    // A superuser may set the language of messages, of which Diesel passes on no SQLSTATE.
    const ENGLISH: &str =
        "SELECT set_config('lc_messages', 'C', false) WHERE current_setting('is_superuser') = 'on'";
    // Set after connecting: PgBouncer refuses most settings at the start of a connection.
    let settings = match purpose {
        Purpose::Serve => {
            "SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
             SET idle_in_transaction_session_timeout = '60s'"
        }
        Purpose::Move => {
            "SET TIME ZONE 'UTC'; SET statement_timeout = 0; SET lock_timeout = '10s'; \
             SET idle_in_transaction_session_timeout = 0"
        }
        Purpose::Copy => "",
    };
    let failed = |source: ConnectionError| OpenError::Postgres {
        url: Box::new(url.clone()),
        failure: failure_of(url, &conninfo, &source),
        source,
    };
    let mut connection = PgConnection::establish(&conninfo).map_err(failed)?;
    if purpose == Purpose::Copy {
        connection.set_prepared_statement_cache_size(CacheSize::Disabled);
    } else {
        connection
            .batch_execute(&format!("{settings}; {ENGLISH}"))
            .map_err(|error| failed(ConnectionError::CouldntSetupConfiguration(error)))?;
    }
    tracing::debug!(%url, ?purpose, "opened PostgreSQL connection");
    Ok(connection)
}

fn sqlite_headline(failure: Failure) -> &'static str {
    match failure {
        Failure::Busy => "the SQLite database is locked by another program",
        Failure::NotADatabase => "file is not a SQLite database (or it is encrypted):",
        Failure::Corrupt => "SQLite database is corrupt:",
        Failure::ReadOnly => "SQLite database is read-only:",
        Failure::DiskFull => "disk is full, cannot write SQLite database",
        _ => "could not open SQLite database",
    }
}

fn postgres_headline(failure: Failure, url: &PostgresUrl) -> String {
    let place = format!("{}:{}", url.host().unwrap_or("the socket in /tmp"), url.port());
    let user = url.user().unwrap_or("(the system's user)");
    let database = url.database().unwrap_or(user);
    match failure {
        Failure::Refused => format!("no PostgreSQL server accepts connections at {place}"),
        Failure::HostUnknown => format!("the host name of {place} cannot be resolved"),
        Failure::Timeout => format!("the connection to the server at {place} timed out"),
        Failure::StartingUp => format!("the server at {place} is starting up or shutting down"),
        Failure::DatabaseMissing => format!("database `{database}` does not exist at {place}"),
        Failure::RoleMissing => format!("role `{user}` does not exist at {place}"),
        Failure::PasswordRefused => {
            format!("the server at {place} rejected the password of `{user}` for database `{database}`")
        }
        Failure::WeakAuthentication => {
            format!(
                "the server at {place} did not authenticate `{user}` by SCRAM: it was not given the password"
            )
        }
        Failure::AccessDenied => {
            format!(
                "pg_hba.conf of the server at {place} rejects `{user}` for database `{database}` from this client"
            )
        }
        Failure::TlsRefused => format!("the server at {place} does not support TLS, which sslmode requires"),
        Failure::CertificateRefused => format!("the certificate of the server at {place} is not trusted"),
        Failure::TooManyConnections => format!("the server at {place} has too many connections for `{user}`"),
        Failure::PermissionDenied => {
            format!("`{user}` lacks the CONNECT privilege on database `{database}` at {place}")
        }
        _ => format!("could not connect to database `{database}` at {place} as `{user}`"),
    }
}

impl Explain for OpenError {
    fn exit_status(&self) -> ExitStatus {
        ExitStatus::TargetFailed
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Missing { path } => Some(Hint::CreateDatabase { path: path.clone() }),
            Self::Folder { .. } => Some("specify the database file itself".into()),
            Self::Sqlite { failure, .. } => sqlite_hint(*failure).map(Hint::from),
            Self::Postgres { url, failure, .. } => postgres_hint(*failure, url),
        }
    }
}

/// The hint for a SQLite file that cannot be used for this reason.
pub fn sqlite_hint(failure: Failure) -> Option<&'static str> {
    match failure {
        Failure::Busy => Some("stop the program that holds the lock, then run the command again"),
        Failure::NotADatabase => Some("check the path; `file PATH` shows the type of the file"),
        Failure::Corrupt => {
            Some("restore a backup, or recover the readable rows with `sqlite3 PATH .recover`")
        }
        Failure::ReadOnly | Failure::CannotOpen => Some(
            "check the permissions of the file and its directory with `ls -ld`; a file in WAL mode can only be read \
             in a writable directory: copy it there, with its -wal and -shm files",
        ),
        _ => None,
    }
}

fn postgres_hint(failure: Failure, url: &PostgresUrl) -> Option<Hint> {
    let (port, user) = (url.port(), url.user().unwrap_or("USER"));
    let database = url.database().unwrap_or("DATABASE");
    let at = url.host().map_or_else(|| format!("-p {port}"), |host| format!("-h {host} -p {port}"));
    Some(match failure {
        Failure::Refused | Failure::Timeout => {
            format!("start the server, or correct host and port; check with `pg_isready {at}`").into()
        }
        Failure::HostUnknown => Hint::CorrectHost,
        Failure::StartingUp => {
            format!("wait until `pg_isready {at}` reports that it accepts connections").into()
        }
        Failure::DatabaseMissing => format!("create it: `createdb {at} -U {user} {database}`").into(),
        Failure::RoleMissing => format!("create it: `createuser {at} -U postgres --pwprompt {user}`").into(),
        Failure::PasswordRefused => {
            Hint::CorrectPassword { check: format!("psql {at} -U {user} -W {database}") }
        }
        Failure::WeakAuthentication => {
            "set the role's password again with `password_encryption = 'scram-sha-256'` and use that method in \
             pg_hba.conf; if you trust the network and the server, permit its method in the URL, \
             such as `?require_auth=md5` (password, md5, gss, sspi, none)"
                .into()
        }
        Failure::AccessDenied => "add a line for this client to the server's pg_hba.conf".into(),
        Failure::TlsRefused => Hint::EnableTls,
        Failure::CertificateRefused => Hint::TrustCertificate,
        Failure::TooManyConnections => Hint::LowerPoolLimit,
        Failure::PermissionDenied => {
            format!("as the owner of the database, run `GRANT CONNECT ON DATABASE {database} TO {user}`")
                .into()
        }
        _ => return None,
    })
}
