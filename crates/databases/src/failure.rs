//! Classification of database errors. The policy (retry, exit code, hint) is decided elsewhere.
//!
//! A failed statement is classified by its SQLSTATE (see [`crate::sqlstate`]). Words of a message are the last resort:
//! libpq gives a failed connection no SQLSTATE, and SQLite's messages are always English. No decision about a row
//! depends on words.

use diesel::ConnectionError;
use diesel::result::{DatabaseErrorKind, Error};
use rusqlite::ErrorCode;

use crate::sqlstate::sqlstate;

/// A kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// SQLite: another connection holds the lock (SQLITE_BUSY, SQLITE_LOCKED).
    Busy,
    /// The connection was lost.
    Disconnected,
    /// The server is starting up, shutting down or recovering.
    StartingUp,
    /// No server accepts connections at the address.
    Refused,
    /// The name of the host cannot be resolved.
    HostUnknown,
    /// No response within the timeout.
    Timeout,
    /// The database does not exist.
    DatabaseMissing,
    /// The role does not exist.
    RoleMissing,
    /// The password is wrong or missing.
    PasswordRefused,
    /// The server asked for a weaker method of authentication than is required.
    WeakAuthentication,
    /// `pg_hba.conf` rejects this role from this client.
    AccessDenied,
    /// TLS is required and the server does not offer it.
    TlsRefused,
    /// The server's certificate is not trusted.
    CertificateRefused,
    /// The role lacks a privilege.
    PermissionDenied,
    /// The server has reached its connection limit.
    TooManyConnections,
    /// A serialization failure or deadlock; the transaction can be retried.
    Conflict,
    /// A unique constraint is violated.
    DuplicateKey,
    /// A foreign key constraint is violated.
    ForeignKey,
    /// A check constraint is violated.
    Check,
    /// A NOT NULL constraint is violated.
    NotNull,
    /// A table of that name exists.
    TableExists,
    /// There is no such table.
    TableMissing,
    /// The database, file or transaction is read-only.
    ReadOnly,
    /// The disk is full.
    DiskFull,
    /// The disk fails to read or write.
    DiskError,
    /// Out of memory.
    OutOfMemory,
    /// The statement was canceled at a user's request.
    Cancelled,
    /// The file is not a SQLite database.
    NotADatabase,
    /// The file is damaged.
    Corrupt,
    /// The file cannot be opened.
    CannotOpen,
    /// Anything else.
    Other,
}

/// Fragments of messages of libpq, PostgreSQL and SQLite with their meaning; the first match wins.
const WORDS: &[(&str, Failure)] = &[
    ("authentication method requirement", Failure::WeakAuthentication),
    ("password authentication failed", Failure::PasswordRefused),
    ("no password supplied", Failure::PasswordRefused),
    ("server does not support SSL", Failure::TlsRefused),
    ("SSL was required", Failure::TlsRefused),
    ("certificate verify failed", Failure::CertificateRefused),
    ("server certificate for", Failure::CertificateRefused),
    ("root certificate file", Failure::CertificateRefused),
    ("no pg_hba.conf entry", Failure::AccessDenied),
    ("pg_hba.conf rejects", Failure::AccessDenied),
    ("the database system is", Failure::StartingUp),
    ("terminating connection due to administrator command", Failure::Disconnected),
    ("too many clients", Failure::TooManyConnections),
    ("remaining connection slots", Failure::TooManyConnections),
    ("too many connections", Failure::TooManyConnections),
    ("could not translate host name", Failure::HostUnknown),
    ("Connection refused", Failure::Refused),
    ("No such file or directory", Failure::Refused),
    ("No route to host", Failure::Refused),
    ("Network is unreachable", Failure::Refused),
    ("timeout expired", Failure::Timeout),
    ("Connection timed out", Failure::Timeout),
    ("due to statement timeout", Failure::Timeout),
    ("due to lock timeout", Failure::Timeout),
    ("server closed the connection", Failure::Disconnected),
    ("connection to server was lost", Failure::Disconnected),
    ("connection not open", Failure::Disconnected),
    ("no connection to the server", Failure::Disconnected),
    ("SSL connection has been closed", Failure::Disconnected),
    ("could not receive data from server", Failure::Disconnected),
    ("could not send data to server", Failure::Disconnected),
    ("deadlock detected", Failure::Conflict),
    ("permission denied", Failure::PermissionDenied),
    ("must be owner of", Failure::PermissionDenied),
    // Its message ends with "No space left on device".
    ("could not resize shared memory", Failure::OutOfMemory),
    ("No space left on device", Failure::DiskFull),
    ("database or disk is full", Failure::DiskFull),
    ("disk I/O error", Failure::DiskError),
    ("Input/output error", Failure::DiskError),
    ("Read-only file system", Failure::ReadOnly),
    ("out of memory", Failure::OutOfMemory),
    ("out of shared memory", Failure::OutOfMemory),
    ("canceling statement due to user request", Failure::Cancelled),
    ("database is locked", Failure::Busy),
    ("database table is locked", Failure::Busy),
    ("file is not a database", Failure::NotADatabase),
    ("database disk image is malformed", Failure::Corrupt),
    ("unable to open database file", Failure::CannotOpen),
    ("attempt to write a readonly database", Failure::ReadOnly),
    ("no such table", Failure::TableMissing),
    // For ON DELETE RESTRICT, SQLite raises the error of a trigger, which Diesel has no kind for.
    ("FOREIGN KEY constraint failed", Failure::ForeignKey),
];

impl Failure {
    /// Its name in logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Disconnected => "disconnected",
            Self::StartingUp => "starting_up",
            Self::Refused => "refused",
            Self::HostUnknown => "host_unknown",
            Self::Timeout => "timeout",
            Self::DatabaseMissing => "database_missing",
            Self::RoleMissing => "role_missing",
            Self::PasswordRefused => "password_refused",
            Self::WeakAuthentication => "weak_authentication",
            Self::AccessDenied => "access_denied",
            Self::TlsRefused => "tls_refused",
            Self::CertificateRefused => "certificate_refused",
            Self::PermissionDenied => "permission_denied",
            Self::TooManyConnections => "too_many_connections",
            Self::Conflict => "conflict",
            Self::DuplicateKey => "duplicate_key",
            Self::ForeignKey => "foreign_key",
            Self::Check => "check",
            Self::NotNull => "not_null",
            Self::TableExists => "table_exists",
            Self::TableMissing => "table_missing",
            Self::ReadOnly => "read_only",
            Self::DiskFull => "disk_full",
            Self::DiskError => "disk_error",
            Self::OutOfMemory => "out_of_memory",
            Self::Cancelled => "cancelled",
            Self::NotADatabase => "not_a_database",
            Self::Corrupt => "corrupt",
            Self::CannotOpen => "cannot_open",
            Self::Other => "other",
        }
    }

    /// The kind of a failed connection.
    pub fn of_connection(error: &ConnectionError) -> Self {
        match error {
            ConnectionError::BadConnection(message) => Self::of_connection_message(message),
            ConnectionError::CouldntSetupConfiguration(error) => Self::of_query(error),
            _ => Self::Other,
        }
    }

    /// The kind of a failed query.
    pub fn of_query(error: &Error) -> Self {
        let Error::DatabaseError(kind, information) = error else {
            return match error {
                // A transaction that cannot even be rolled back has lost its connection.
                Error::BrokenTransactionManager => Self::Disconnected,
                Error::RollbackErrorOnCommit { commit_error, .. } => Self::of_query(commit_error),
                _ => Self::Other,
            };
        };
        let message = information.message();
        if let Some(state) = sqlstate(error).filter(|_| *kind == DatabaseErrorKind::Unknown) {
            return Self::of_sqlstate(state, message);
        }
        match kind {
            DatabaseErrorKind::UniqueViolation => Self::DuplicateKey,
            DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => Self::ForeignKey,
            DatabaseErrorKind::CheckViolation => Self::Check,
            DatabaseErrorKind::NotNullViolation => Self::NotNull,
            DatabaseErrorKind::SerializationFailure => Self::Conflict,
            DatabaseErrorKind::ReadOnlyTransaction => Self::ReadOnly,
            DatabaseErrorKind::ClosedConnection => Self::Disconnected,
            DatabaseErrorKind::UnableToSendCommand => match Self::of_words(message) {
                Self::Other => Self::Disconnected,
                failure => failure,
            },
            _ if message.starts_with("relation ") && message.ends_with(" already exists") => {
                Self::TableExists
            }
            _ if message.starts_with("table ") && message.ends_with(" already exists") => Self::TableExists,
            _ if message.starts_with("relation ") && message.ends_with(" does not exist") => {
                Self::TableMissing
            }
            _ => Self::of_words(message),
        }
    }

    /// The kind of a failure with this SQLSTATE. The message is of use only for a name that is the same in every language.
    pub(crate) fn of_sqlstate(state: &str, message: &str) -> Self {
        match state {
            // unique_violation, foreign_key_violation, restrict_violation, check_violation, not_null_violation
            "23505" => Self::DuplicateKey,
            "23503" | "23001" => Self::ForeignKey,
            "23514" => Self::Check,
            "23502" => Self::NotNull,
            // read_only_sql_transaction
            "25006" => Self::ReadOnly,
            // invalid_password, invalid_authorization_specification, invalid_catalog_name
            "28P01" => Self::PasswordRefused,
            "28000" => Self::AccessDenied,
            "3D000" => Self::DatabaseMissing,
            // transaction_rollback, serialization_failure, deadlock_detected
            "40000" | "40001" | "40P01" => Self::Conflict,
            // insufficient_privilege, undefined_table, duplicate_table
            "42501" => Self::PermissionDenied,
            "42P01" => Self::TableMissing,
            "42P07" => Self::TableExists,
            // disk_full, which is also the code for shared memory: its segments have this name
            "53100" if message.contains("/PostgreSQL.") => Self::OutOfMemory,
            "53100" => Self::DiskFull,
            // out_of_memory, too_many_connections, lock_not_available
            "53200" => Self::OutOfMemory,
            "53300" => Self::TooManyConnections,
            "55P03" => Self::Timeout,
            // query_canceled, also by statement_timeout
            "57014" => Self::Cancelled,
            // cannot_connect_now, io_error
            "57P03" => Self::StartingUp,
            "58030" => Self::DiskError,
            // admin_shutdown, crash_shutdown, database_dropped, idle_session_timeout
            state if state.starts_with("57P") || state.starts_with("08") => Self::Disconnected,
            _ => Self::Other,
        }
    }

    /// The kind of an error of `rusqlite`.
    pub fn of_rusqlite(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::SystemIoFailure) => Self::DiskError,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::CannotOpen) => Self::CannotOpen,
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt,
            _ => Self::Other,
        }
    }

    /// Whether the database rejected the data or statement itself: the same action fails each time, others do not.
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::DuplicateKey
                | Self::ForeignKey
                | Self::Check
                | Self::NotNull
                | Self::TableExists
                | Self::TableMissing
                | Self::Other
        )
    }

    /// Whether the same action may succeed a moment later.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Busy | Self::Disconnected | Self::StartingUp | Self::Conflict)
    }

    /// Whether nothing can be written at present: to a disk that is full, read-only or broken, or to a database that is
    /// read-only.
    pub fn is_unwritable(self) -> bool {
        matches!(self, Self::ReadOnly | Self::DiskFull | Self::DiskError)
    }

    fn of_connection_message(message: &str) -> Self {
        // These two messages contain a quoted name, which may be any text.
        if message.contains("database \"") && message.contains("does not exist") {
            return Self::DatabaseMissing;
        }
        if message.contains("role \"") && message.contains("does not exist") {
            return Self::RoleMissing;
        }
        Self::of_words(message)
    }

    fn of_words(message: &str) -> Self {
        let known = WORDS.iter().find(|(words, _)| message.contains(words));
        known.map_or(Self::Other, |(_, failure)| *failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_failures_are_told_apart() {
        for (message, failure) in [
            ("connection to server at \"h\", port 5432 failed: Connection refused", Failure::Refused),
            ("... failed: FATAL:  database \"x\" does not exist", Failure::DatabaseMissing),
            ("... failed: FATAL:  role \"x\" does not exist", Failure::RoleMissing),
            ("... failed: FATAL:  password authentication failed for user \"x\"", Failure::PasswordRefused),
            (
                "... failed: authentication method requirement \"scram-sha-256\" failed: server requested a cleartext password",
                Failure::WeakAuthentication,
            ),
            ("... failed: FATAL:  the database system is starting up", Failure::StartingUp),
            ("... failed: FATAL:  sorry, too many clients already", Failure::TooManyConnections),
            ("... failed: server does not support SSL, but SSL was required", Failure::TlsRefused),
            ("could not translate host name \"x\" to address", Failure::HostUnknown),
            (
                "could not resize shared memory segment \"/PostgreSQL.1\" to 8 bytes: No space left on device",
                Failure::OutOfMemory,
            ),
            ("etwas anderes", Failure::Other),
        ] {
            let error = ConnectionError::BadConnection(message.to_owned());
            assert_eq!(Failure::of_connection(&error), failure, "{message}");
        }
    }

    #[test]
    fn a_failure_with_a_sqlstate_is_classified_by_it_alone() {
        use crate::sqlstate::with_sqlstate;

        for (state, message, failure) in [
            ("40P01", "Verklemmung entdeckt", Failure::Conflict),
            (
                "53100",
                "konnte Datei nicht erweitern: Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
                Failure::DiskFull,
            ),
            (
                "53100",
                "konnte Shared-Memory-Segment »/PostgreSQL.1« nicht auf 8 Bytes ändern",
                Failure::OutOfMemory,
            ),
            ("55P03", "ロックのタイムアウトのためステートメントをキャンセルしています", Failure::Timeout),
            ("42501", "keine Berechtigung für Tabelle t", Failure::PermissionDenied),
            ("P0001", "deadlock detected", Failure::Other),
            ("22003", "out of memory", Failure::Other),
        ] {
            let error = Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()));
            assert_eq!(Failure::of_query(&with_sqlstate(error, state)), failure, "{state} {message}");
        }
    }
}
