//! Register, sign in, refresh, and sign out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::account::{add_person, chosen, open_organization, vacate};
use super::attempt;
use super::routes::{NAME, SECRET, Sent, person};
use super::session::{Continued, record_activity, unknown};
use crate::models::Record as _;
use crate::models::tenancy::{User, UserChanges, end_session, end_sessions_of_user};
use crate::models::{EmailAddress, Role, SessionId};
use crate::server::answer::Answer;
use crate::server::app::AppState;
use crate::server::attempts::Attempt;
use crate::server::auth::password::{Password, needs_rehash};
use crate::server::auth::refresh::RefreshToken;
use crate::server::caller::Caller;
use crate::server::problem::{Code, HandlerError, Problem};
use transfer::values::Text;

pub(super) async fn register(State(app): State<AppState>, sent: Sent) -> Result<Answer, Problem> {
    if !app.sign_in.parts.is_registration_open {
        return Err(Problem::new(Code::Forbidden, "registration is closed: an invitation is required"));
    }
    let Sent { mut fields, client } = sent;
    let name: Option<Text> = fields.required("organization_name", Some(NAME));
    let password: Option<Text> = fields.required("password", Some(SECRET));
    let person = person(&mut fields);
    fields.finish()?;
    let (Some(name), Some(password), Some(person)) = (name, password, person) else {
        return Err(Problem::new(Code::InvalidFields, "a required field is missing"));
    };
    let password = chosen(&password, &person.email, "password")?;
    let now = app.now();
    // Every registration counts: it costs a password hash, and reveals whether an e-mail address is in use.
    attempt::count(&app, Attempt::anonymous(client, app.sign_in.parts.attempts)).await?;
    let hash = app.sign_in.hash(password).await?;
    let working = app.clone();
    app.database
        .write(move |connection| {
            vacate(connection, &person.email, now)?;
            let organization = open_organization(connection, name.clone(), now)?;
            let user = add_person(
                connection,
                person.clone(),
                Some(organization.id),
                Role::Owner,
                Some(hash.clone()),
                now,
            )?;
            let tokens = working.sign_in.open_session(connection, &user, client, now)?;
            record_activity(
                connection,
                &user,
                "organization",
                organization.id.to_string(),
                "registered",
                now,
            )?;
            Ok(Answer::of(StatusCode::CREATED, &tokens)?)
        })
        .await
}

pub(super) async fn login(State(app): State<AppState>, sent: Sent) -> Result<Answer, Problem> {
    let Sent { mut fields, client } = sent;
    let email: Option<EmailAddress> = fields.required("email", None);
    let password: Option<Text> = fields.required("password", Some(SECRET));
    fields.finish()?;
    let (Some(email), Some(password)) = (email, password) else {
        return Err(Problem::new(Code::InvalidFields, "a required field is missing"));
    };
    let failed = || Problem::new(Code::SignInFailed, "the e-mail address or the password is wrong");
    let now = app.now();
    let (found, counted) = attempt::begin(&app, &email, client).await.inspect_err(|problem| {
        if problem.is_limit() {
            app.metrics.signed_in("limited");
        }
    })?;
    let password = Password::new(&password).map_err(|_rules| failed())?;
    let stored = found.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = app.sign_in.is_password(password.clone(), stored.clone()).await?;
    let Some(user) = found.filter(|_| is_right) else {
        app.metrics.signed_in("refused");
        return Err(failed());
    };
    let cost = app.sign_in.parts.cost;
    let is_old = stored.as_ref().is_some_and(|stored| needs_rehash(stored, cost).unwrap_or(false));
    let rehashed = if is_old { Some(app.sign_in.hash(password).await?) } else { None };
    let working = app.clone();
    let answer = app
        .database
        .change(user.id, move |connection| {
            // The user may have been changed or deleted during the verification.
            let is_same = |user: &User| user.password_hash == stored && user.deleted_at.is_none();
            let user = User::lock(connection, user.id)?.filter(is_same).ok_or_else(failed)?;
            if let Some(hash) = &rehashed {
                let changes =
                    UserChanges { password_hash: Some(Some(hash.clone())), ..UserChanges::default() };
                User::update(connection, user.id, &changes)?;
            }
            // Also if the organization is suspended: the password was right, and the transaction is committed.
            counted.succeeded(connection, now)?;
            let tokens = match working.sign_in.open_session(connection, &user, client, now) {
                Err(HandlerError::Problem(problem)) => return Ok(Err(problem)),
                opened => opened?,
            };
            record_activity(connection, &user, "user", user.id.to_string(), "signed_in", now)?;
            Ok(Ok(Answer::of(StatusCode::OK, &tokens)?))
        })
        .await??;
    app.metrics.signed_in("succeeded");
    Ok(answer)
}

pub(super) async fn refresh(State(app): State<AppState>, sent: Sent) -> Result<Answer, Problem> {
    let Sent { mut fields, client } = sent;
    let token: Option<Text> = fields.required("refresh_token", Some(SECRET));
    fields.finish()?;
    let token = token.ok_or_else(|| Problem::new(Code::InvalidFields, "a required field is missing"))?;
    let now = app.now();
    let token =
        RefreshToken::parse(&token).map_err(|error| Problem::new(Code::TokenRefused, error.to_string()))?;
    let attempt = Attempt::anonymous(client, app.sign_in.parts.attempts);
    let checked = attempt.clone();
    app.database.read(move |connection| checked.check(connection, now)).await?;
    let token = Arc::new(token);
    let working = app.clone();
    let outcome = app
        .database
        .write(move |connection| {
            let outcome = working.sign_in.continue_session(connection, &token, now)?;
            if !matches!(outcome, Continued::Goes(_)) {
                // Only rejected tokens count. Beyond the limit, the session is revoked nevertheless.
                let _limit = attempt.count(connection, now)?;
            }
            Ok(outcome)
        })
        .await?;
    match outcome {
        Continued::Goes(tokens) => Answer::of(StatusCode::OK, &tokens),
        Continued::Revoked => {
            Err(Problem::new(Code::TokenRefused, "the refresh token has already been used: sign in again"))
        }
        Continued::Unknown => Err(unknown()),
    }
}

pub(super) async fn logout(State(app): State<AppState>, caller: Caller) -> Result<Answer, Problem> {
    let now = app.now();
    app.database
        .change(caller.user, move |connection| {
            end_session(connection, SessionId(caller.session), now)?;
            if let Some(user) = User::find(connection, caller.user)? {
                record_activity(connection, &user, "user", user.id.to_string(), "signed_out", now)?;
            }
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        })
        .await
}

pub(super) async fn logout_all(State(app): State<AppState>, caller: Caller) -> Result<Answer, Problem> {
    let now = app.now();
    app.database
        .change(caller.user, move |connection| {
            end_sessions_of_user(connection, caller.user, now)?;
            if let Some(user) = User::find(connection, caller.user)? {
                record_activity(
                    connection,
                    &user,
                    "user",
                    user.id.to_string(),
                    "signed_out_everywhere",
                    now,
                )?;
            }
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        })
        .await
}
