//! Operations of users on their own account.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;

use super::account::{chosen, vacate};
use super::attempt;
use super::routes::{SECRET, Sent};
use super::session::record_activity;
use crate::models::Record as _;
use crate::models::tenancy::{Organization, User, UserChanges, end_other_sessions};
use crate::models::{EmailAddress, SessionId};
use crate::server::answer::Answer;
use crate::server::app::AppState;
use crate::server::attempts::Counted;
use crate::server::audit::{AuditEvent, record_values, value_change};
use crate::server::auth::password::Password;
use crate::server::caller::Caller;
use crate::server::fields::to_json;
use crate::server::problem::{Code, HandlerError, Problem};
use transfer::values::Text;

/// The user of the caller, with the password that was verified.
struct Proved {
    user: User,
    counted: Counted,
}

fn wrong_password() -> Problem {
    Problem::field("current_password", "wrong_password", "does not match the current password")
}

/// Verifies the password of the caller. The attempt counts as one to sign in.
async fn prove(
    app: &AppState,
    caller: Caller,
    client: IpAddr,
    current: Text,
    wanted: impl FnOnce(&User) -> Result<(), Problem>,
) -> Result<Proved, Problem> {
    let user = app.database.read(move |connection| Ok(User::find(connection, caller.user)?)).await?;
    let user = user.filter(|user| user.deleted_at.is_none()).ok_or_else(|| Problem::not_found("user"))?;
    // Before the attempt: a right password must not count as a failure because of another field.
    wanted(&user)?;
    let (user, counted) = attempt::begin(app, &user.email, client).await?;
    // The address may be that of another user by now.
    let user = user.filter(|user| user.id == caller.user).ok_or_else(wrong_password)?;
    let given = Password::new(&current).map_err(|_rules| wrong_password())?;
    match app.sign_in.is_password(given, user.password_hash.clone()).await? {
        true => Ok(Proved { user, counted }),
        false => Err(wrong_password()),
    }
}

pub(super) async fn change_password(
    State(app): State<AppState>,
    caller: Caller,
    sent: Sent,
) -> Result<Answer, Problem> {
    let Sent { mut fields, client } = sent;
    let current: Option<Text> = fields.required("current_password", Some(SECRET));
    let wanted: Option<Text> = fields.required("new_password", Some(SECRET));
    fields.finish()?;
    let (Some(current), Some(wanted)) = (current, wanted) else {
        return Err(Problem::new(Code::InvalidFields, "a required field is missing"));
    };
    let now = app.now();
    let mut password = None;
    let choose = |user: &User| {
        password = Some(chosen(&wanted, &user.email, "new_password")?);
        Ok(())
    };
    let Proved { user, counted } = prove(&app, caller, client, current, choose).await?;
    let password = password.ok_or_else(wrong_password)?;
    let hash = app.sign_in.hash(password).await?;
    let stored = user.password_hash;
    app.database
        .change(caller.user, move |connection| {
            let user = User::lock(connection, caller.user)?.ok_or_else(|| Problem::not_found("user"))?;
            if user.password_hash != stored {
                return Err(wrong_password().into());
            }
            let changes = UserChanges {
                password_hash: Some(Some(hash.clone())),
                updated_at: Some(now),
                ..UserChanges::default()
            };
            User::update(connection, caller.user, &changes)?;
            end_other_sessions(connection, caller.user, SessionId(caller.session), now)?;
            counted.succeeded(connection, now)?;
            record_activity(connection, &user, "user", user.id.to_string(), "password_changed", now)?;
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        })
        .await
}

pub(super) async fn change_email(
    State(app): State<AppState>,
    caller: Caller,
    sent: Sent,
) -> Result<Answer, Problem> {
    let Sent { mut fields, client } = sent;
    let email: Option<EmailAddress> = fields.required("email", None);
    let current: Option<Text> = fields.required("current_password", Some(SECRET));
    fields.finish()?;
    let (Some(email), Some(current)) = (email, current) else {
        return Err(Problem::new(Code::InvalidFields, "a required field is missing"));
    };
    let now = app.now();
    let Proved { user, counted } = prove(&app, caller, client, current, |_user| Ok(())).await?;
    let stored = user.password_hash;
    app.database
        .change(caller.user, move |connection| {
            let user = User::lock(connection, caller.user)?.ok_or_else(|| Problem::not_found("user"))?;
            if user.password_hash != stored || user.deleted_at.is_some() {
                return Err(wrong_password().into());
            }
            counted.succeeded(connection, now)?;
            if user.email == email {
                return Ok(Ok(Answer::empty(StatusCode::NO_CONTENT)));
            }
            // Also if the address is in use: the password was right, and the transaction is committed.
            match vacate(connection, &email, now) {
                Err(HandlerError::Problem(problem)) => return Ok(Err(problem)),
                vacated => vacated?,
            }
            let changes = UserChanges {
                email: Some(email.clone()),
                email_verified: Some(false),
                updated_at: Some(now),
                ..UserChanges::default()
            };
            User::update(connection, user.id, &changes)?;
            if let Some(organization) = user.organization_id {
                let event = AuditEvent {
                    organization,
                    user: Some(user.id),
                    now,
                    entity: "user",
                    key: user.id.to_string(),
                    done: "email_changed",
                    fields: &[],
                };
                let values = value_change("email", to_json(&user.email), to_json(&email));
                record_values(connection, &event, values)?;
            }
            Ok(Ok(Answer::empty(StatusCode::NO_CONTENT)))
        })
        .await?
}

pub(super) async fn me(State(app): State<AppState>, caller: Caller) -> Result<Answer, Problem> {
    app.database
        .read(move |connection| {
            let user = User::find(connection, caller.user)?.filter(|user| user.deleted_at.is_none());
            let user = user.ok_or_else(|| Problem::not_found("user"))?;
            let organization = match user.organization_id {
                Some(id) => Organization::find(connection, id)?,
                None => None,
            };
            let body = json!({ "user": to_json(&user), "organization": to_json(&organization) });
            Ok(Answer::of(StatusCode::OK, &body)?)
        })
        .await
}
