//! Servers whose messages are in German and in Japanese, for a role that cannot change that: a copy decides, and ends, as
//! on a server in English.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::cluster::admin_url;
use crate::own_server::OwnServer;

/// Connections that are refused.
mod connect;
/// Failures of the server.
mod outages;
/// Rows that are refused.
mod rejects;
/// A database with a role that is no superuser, and triggers that fail.
mod stage;

use stage::Stage;

#[test]
fn in_english() {
    each_failure_is_what_it_is(admin_url(), None);
}

#[test]
fn in_german() {
    let server = OwnServer::speaking("de_DE");
    each_failure_is_what_it_is(server.url(), Some(&server));
}

#[test]
fn in_japanese() {
    let server = OwnServer::speaking("ja_JP");
    each_failure_is_what_it_is(server.url(), Some(&server));
}

/// All of it on one server: starting one takes longer.
fn each_failure_is_what_it_is(url: &str, server: Option<&OwnServer>) {
    let stage = Stage::new(url);
    // For a role that is no superuser.
    let mut role = PgConnection::establish(&stage.url).expect("connect as the role");
    let error = role.batch_execute("SELECT 1 / 0").expect_err("it fails");
    let is_english = error.to_string() == "division by zero";
    assert_eq!(is_english, server.is_none(), "are the server's message catalogs installed? {error}");
    let of_role: Setting = diesel::sql_query("SELECT current_setting('is_superuser') AS value")
        .get_result(&mut role)
        .expect("ask");
    assert_eq!(of_role.value, "off");
    drop(role);

    rejects::rows_are_rejected_for_what_they_are(&stage);
    // Waits for the lock timeout while the others run.
    let locked = outages::Locked::start(url);
    outages::a_deadlock_is_retried(&stage);
    outages::a_session_that_is_ended_is_opened_again(&stage);
    outages::a_statement_that_is_canceled_ends_the_run(&stage);
    outages::a_missing_privilege_ends_the_run(&stage);
    if let Some(server) = server {
        outages::a_full_disk_ends_the_run(&stage, server);
    }
    connect::each_refusal_has_its_hint(&stage);
    rejects::a_value_that_copy_cannot_read_is_rejected(&stage);
    locked.end();
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}
