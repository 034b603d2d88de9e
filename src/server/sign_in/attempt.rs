//! Attempts with a password: counted before it is verified.

use std::net::IpAddr;

use crate::models::EmailAddress;
use crate::models::tenancy::User;
use crate::server::app::AppState;
use crate::server::attempts::{Attempt, Counted};
use crate::server::problem::{HandlerError, Problem};

/// Counts an attempt with the password of this e-mail address, and finds its user. The same queries for known and for
/// unknown addresses.
pub(super) async fn begin(
    app: &AppState,
    email: &EmailAddress,
    client: IpAddr,
) -> Result<(Option<User>, Counted), Problem> {
    let (now, failures) = (app.now(), app.sign_in.parts.attempts);
    let wanted = email.clone();
    app.database
        .read(move |connection| {
            Attempt::sign_in(connection, &wanted, client, failures)?.check(connection, now)
        })
        .await?;
    let wanted = email.clone();
    app.database
        .write(move |connection| {
            let attempt = Attempt::sign_in(connection, &wanted, client, failures)?;
            let counted = attempt.count(connection, now)??;
            let user = User::by_email(connection, &wanted)?.filter(|user| user.deleted_at.is_none());
            Ok::<_, HandlerError>((user, counted))
        })
        .await
}

/// Counts an attempt that needs no account.
pub(in crate::server) async fn count(app: &AppState, attempt: Attempt) -> Result<(), Problem> {
    let now = app.now();
    let checked = attempt.clone();
    app.database.read(move |connection| checked.check(connection, now)).await?;
    app.database
        .write(move |connection| {
            attempt.count(connection, now)??;
            Ok(())
        })
        .await
}
