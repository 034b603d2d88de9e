//! Register, sign in, refresh, and sign out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::account::{add_person, chosen, open_organization, taken};
use super::routes::{NAME, SECRET, Sent, person, too_many};
use super::session::{Continued, record_activity, unknown};
use crate::models::Record as _;
use crate::models::tenancy::{Session, SessionChanges, User, UserChanges};
use crate::models::{EmailAddress, Role, SessionId};
use crate::server::answer::Answer;
use crate::server::app::AppState;
use crate::server::auth::password::{Password, needs_rehash};
use crate::server::auth::refresh::RefreshToken;
use crate::server::caller::Caller;
use crate::server::problem::{Code, Problem};
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
    let counted = app.sign_in.anonymous.take(&client.to_string(), client, now.micros());
    let _counted = counted.map_err(too_many)?;
    let hash = app.sign_in.hash(password).await?;
    let working = app.clone();
    app.database
        .write(move |connection| {
            if User::by_email(connection, &person.email)?.is_some() {
                return Err(taken().into());
            }
            let organization = open_organization(connection, name.clone(), now)?;
            let user = add_person(
                connection,
                person.clone(),
                Some(organization.id),
                Role::Owner,
                Some(hash.clone()),
                now,
            )?;
            let tokens = working.sign_in.open_session(connection, &user, now)?;
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
    let ticket = app.sign_in.limiter.take(email.as_str(), client, now.micros()).map_err(|error| {
        app.metrics.signed_in("limited");
        too_many(error)
    })?;
    let password = Password::new(&password).map_err(|_rules| failed())?;
    let wanted = email.clone();
    let found = app.database.read(move |connection| Ok(User::by_email(connection, &wanted)?)).await;
    let found = match found {
        Ok(found) => found.filter(|user| user.deleted_at.is_none()),
        Err(problem) => {
            // A database failure is not a failed attempt.
            app.sign_in.limiter.withdraw(ticket);
            return Err(problem);
        }
    };
    let stored = found.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = app.sign_in.is_password(password.clone(), stored.clone()).await?;
    let Some(user) = found.filter(|_| is_right) else {
        app.metrics.signed_in("refused");
        return Err(failed());
    };
    app.sign_in.limiter.succeeded(ticket);
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
            let tokens = working.sign_in.open_session(connection, &user, now)?;
            record_activity(connection, &user, "user", user.id.to_string(), "signed_in", now)?;
            Ok(Answer::of(StatusCode::OK, &tokens)?)
        })
        .await?;
    app.metrics.signed_in("succeeded");
    Ok(answer)
}

pub(super) async fn refresh(State(app): State<AppState>, sent: Sent) -> Result<Answer, Problem> {
    let Sent { mut fields, client } = sent;
    let token: Option<Text> = fields.required("refresh_token", Some(SECRET));
    fields.finish()?;
    let token = token.ok_or_else(|| Problem::new(Code::InvalidFields, "a required field is missing"))?;
    let now = app.now();
    // Only rejected tokens count.
    let ticket = app.sign_in.anonymous.take(&client.to_string(), client, now.micros()).map_err(too_many)?;
    let token =
        RefreshToken::parse(&token).map_err(|error| Problem::new(Code::TokenRefused, error.to_string()))?;
    let token = Arc::new(token);
    let working = app.clone();
    let session = token.session();
    let outcome =
        app.database.write(move |connection| working.sign_in.continue_session(connection, &token, now)).await;
    match outcome {
        Ok(Continued::Goes(tokens)) => {
            app.sign_in.anonymous.withdraw(ticket);
            Answer::of(StatusCode::OK, &tokens)
        }
        Ok(Continued::Revoked) => {
            app.sign_in.revoke_session(session, now);
            Err(Problem::new(Code::TokenRefused, "the refresh token has already been used: sign in again"))
        }
        Ok(Continued::Unknown) => Err(unknown()),
        Err(problem) => {
            // A database failure is not a rejected token.
            app.sign_in.anonymous.withdraw(ticket);
            Err(problem)
        }
    }
}

pub(super) async fn logout(State(app): State<AppState>, caller: Caller) -> Result<Answer, Problem> {
    let now = app.now();
    app.database
        .change(caller.user, move |connection| {
            let changes = SessionChanges { revoked_at: Some(Some(now)), ..SessionChanges::default() };
            Session::update(connection, SessionId(caller.session), &changes)?;
            if let Some(user) = User::find(connection, caller.user)? {
                record_activity(connection, &user, "user", user.id.to_string(), "signed_out", now)?;
            }
            Ok(())
        })
        .await?;
    app.sign_in.revoke_session(caller.session, now);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
