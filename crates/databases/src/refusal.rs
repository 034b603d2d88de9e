//! Why a server refuses a connection, whatever the language of its messages.
//!
//! libpq gives a failed connection no SQLSTATE, only a text. What libpq itself reports is English; what the server
//! reports is in its language. Then further connections show the reason: one as far as the server gives a code without a
//! password, one without authentication, one with a wrong password, one to another database.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{ConnectionError, PgConnection};

use crate::failure::Failure;
use crate::sqlstate;
use crate::startup::{self, Answer};
use crate::url::PostgresUrl;

/// Databases that a cluster has, unless they were dropped.
const OTHERS: [&str; 2] = ["postgres", "template1"];

/// What the server has against connections to a database, as a SQLSTATE; empty if nothing is known.
const REASON: &str = "SELECT CASE
        WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1) THEN '3D000'
        WHEN NOT has_database_privilege($1, 'CONNECT') THEN '42501'
        WHEN EXISTS (SELECT FROM pg_catalog.pg_database d WHERE d.datname = $1 AND d.datconnlimit >= 0
             AND d.datconnlimit <= (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)) THEN '53300'
        ELSE '' END AS state";

#[derive(QueryableByName)]
struct Reason {
    #[diesel(sql_type = Text)]
    state: String,
}

/// The kind of a failed connection, from the error of libpq and if that does not show it, from the server.
pub(crate) fn failure_of(url: &PostgresUrl, conninfo: &str, error: &ConnectionError) -> Failure {
    match (Failure::of_connection(error), error) {
        (Failure::Other, ConnectionError::BadConnection(message)) => asked(url, conninfo, message),
        (failure, _) => failure,
    }
}

fn asked(url: &PostgresUrl, conninfo: &str, message: &str) -> Failure {
    let answer = startup::begin(url).ok();
    if let Some(Answer::Refused { state, is_authenticated }) = &answer {
        match (Failure::of_sqlstate(state, ""), is_authenticated) {
            (failure @ (Failure::StartingUp | Failure::TooManyConnections), _) => return failure,
            // Without TLS, pg_hba.conf may have another line for the client.
            (Failure::AccessDenied, false) => {}
            // invalid_authorization_specification of a role that needed no password: there is no such role.
            (Failure::AccessDenied, true) => return Failure::RoleMissing,
            (failure, _) => return failure,
        }
    }
    // The last one of two values of a keyword counts.
    let again = |further: &str| match PgConnection::establish(&format!("{conninfo} {further}")) {
        Ok(connection) => Ok(connection),
        Err(ConnectionError::BadConnection(message)) => Err(message),
        Err(error) => Err(error.to_string()),
    };
    if again("").is_ok() {
        // The reason is gone, as when the server was starting up.
        return Failure::StartingUp;
    }
    if matches!(again("require_auth='none'"), Err(text) if text == message) {
        return Failure::AccessDenied;
    }
    if matches!(again("password='not the password of this role'"), Err(text) if text == message) {
        return Failure::PasswordRefused;
    }
    let mut is_same = false;
    for other in OTHERS {
        match again(&format!("dbname='{other}'")) {
            Ok(mut connection) => return reason(&mut connection, url),
            Err(text) => is_same |= text == message,
        }
    }
    // Whatever the database is: the limit of the role, or only reserved connections are left.
    if is_same { Failure::TooManyConnections } else { Failure::Other }
}

fn reason(connection: &mut PgConnection, url: &PostgresUrl) -> Failure {
    let database = url.database().or(url.user()).unwrap_or_default();
    let query = diesel::sql_query(REASON).bind::<Text, _>(database);
    match query.get_result::<Reason>(connection) {
        Ok(Reason { state }) => Failure::of_sqlstate(&state, ""),
        Err(error) => {
            tracing::debug!(%error, state = sqlstate::sqlstate(&error), "ask why a connection is refused");
            Failure::Other
        }
    }
}
