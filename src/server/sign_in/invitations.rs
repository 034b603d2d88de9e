//! Inviting users into an organization, and accepting invitations.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;

use super::account::{Person, add_person, chosen, taken, vacate};
use super::routes::{SECRET, Sent, person};
use super::session::record_activity;
use super::{INVITATION_S, SECOND_MICROS, seconds};
use crate::models::Record as _;
use crate::models::tenancy::{User, UserChanges, end_sessions_of_user};
use crate::models::{Role, UserId};
use crate::server::access::right;
use crate::server::answer::Answer;
use crate::server::app::AppState;
use crate::server::audit::{AuditEvent, record_values, value_change};
use crate::server::caller::ApiRequest;
use crate::server::fields::{Fields, to_json};
use crate::server::problem::{Code, Problem};
use crate::server::rights::Verb;
use transfer::values::{Instant, Text};

/// Invites a user of the organization who was removed: the same row, so that the history of the user continues. Nothing
/// of the earlier access returns: sessions remain revoked, and the password is chosen again.
fn invited_again(person: &Person, role: Role, now: Instant) -> UserChanges {
    UserChanges {
        first_name: Some(person.first_name.clone()),
        last_name: Some(person.last_name.clone()),
        role: Some(role),
        password_hash: Some(None),
        auth_subject: Some(None),
        email_verified: Some(false),
        kyc_verified: Some(false),
        deleted_at: Some(None),
        updated_at: Some(now),
        ..UserChanges::default()
    }
}

/// Whether the user is invited and has not accepted.
fn is_pending(user: &User) -> bool {
    user.password_hash.is_none() && user.deleted_at.is_none()
}

pub(super) async fn invite(State(app): State<AppState>, request: ApiRequest) -> Result<Answer, Problem> {
    let at = request.at;
    right::<User>(&at, Verb::Do("invite"))?;
    let organization =
        at.organization().ok_or_else(|| Problem::new(Code::Forbidden, "your account has no organization"))?;
    let mut fields = Fields::of_body(&request.body)?;
    let person = person(&mut fields);
    let role = fields.optional("role", None, || Some(Role::Member));
    fields.finish()?;
    let (Some(person), Some(role)) = (person, role) else {
        return Err(Problem::new(Code::InvalidFields, "a required field is missing"));
    };
    if role == Role::Owner && at.caller.role != Role::Owner {
        return Err(Problem::new(Code::Forbidden, "only an owner may invite an owner"));
    }
    let working = app.clone();
    app.database
        .change(at.caller.user, move |connection| {
            let known = match User::by_email(connection, &person.email)? {
                Some(user) => User::lock(connection, user.id)?,
                None => None,
            };
            let role_before = known.as_ref().map(|user| user.role);
            let user = match known {
                None => add_person(connection, person.clone(), Some(organization), role, None, at.now)?,
                Some(user) if user.deleted_at.is_some() && user.organization_id == Some(organization) => {
                    let changes = invited_again(&person, role, at.now);
                    end_sessions_of_user(connection, user.id, at.now)?;
                    User::update(connection, user.id, &changes)?.ok_or_else(taken)?
                }
                // Removed elsewhere: a new user.
                Some(user) if user.deleted_at.is_some() => {
                    vacate(connection, &person.email, at.now)?;
                    add_person(connection, person.clone(), Some(organization), role, None, at.now)?
                }
                // Renews a pending invitation. For any other user, only the conflict is reported.
                Some(user) if is_pending(&user) && user.organization_id == Some(organization) => {
                    // The holder of the earlier invitation would get the new role.
                    if user.role == Role::Owner && at.caller.role != Role::Owner {
                        return Err(Problem::new(Code::Forbidden, "only an owner may invite an owner").into());
                    }
                    let changes =
                        UserChanges { role: Some(role), updated_at: Some(at.now), ..UserChanges::default() };
                    User::update(connection, user.id, &changes)?.ok_or_else(taken)?
                }
                Some(_) => return Err(taken().into()),
            };
            let event = AuditEvent {
                organization,
                user: Some(at.caller.user),
                now: at.now,
                entity: "user",
                key: user.id.to_string(),
                done: "invited",
                fields: &[],
            };
            record_values(connection, &event, value_change("role", to_json(&role_before), to_json(&role)))?;
            let expires_at = Instant::from_micros(at.now.micros() + INVITATION_S * SECOND_MICROS)?;
            let body = json!({
                "user": to_json(&user),
                "invitation_token": working.sign_in.invitation(user.id, at.now),
                "expires_at": to_json(&expires_at),
            });
            Ok(Answer::of(StatusCode::CREATED, &body)?.at(format!("/api/users/{}", user.id)))
        })
        .await
}

pub(super) async fn accept(State(app): State<AppState>, sent: Sent) -> Result<Answer, Problem> {
    let Sent { mut fields, client } = sent;
    let token: Option<Text> = fields.required("invitation_token", Some(SECRET));
    let password: Option<Text> = fields.required("password", Some(SECRET));
    fields.finish()?;
    let (Some(token), Some(password)) = (token, password) else {
        return Err(Problem::new(Code::InvalidFields, "a required field is missing"));
    };
    let now = app.now();
    let invitation = app.sign_in.invited(&token, now)?;
    let id = UserId(invitation.sub);
    let gone = || Problem::new(Code::TokenRefused, "the invitation has been accepted or revoked");
    let user = app.database.read(move |connection| Ok(User::find(connection, id)?)).await?;
    // A change of the user after the invitation was issued invalidates it.
    let is_pending = move |user: &User| is_pending(user) && invitation.iat >= seconds(user.updated_at);
    let user = user.filter(&is_pending).ok_or_else(gone)?;
    let hash = app.sign_in.hash(chosen(&password, &user.email, "password")?).await?;
    let working = app.clone();
    app.database
        .change(id, move |connection| {
            let user = User::lock(connection, id)?.filter(&is_pending).ok_or_else(gone)?;
            // The invitation was sent to this address.
            let changes = UserChanges {
                password_hash: Some(Some(hash.clone())),
                email_verified: Some(true),
                updated_at: Some(now),
                ..UserChanges::default()
            };
            let user = User::update(connection, user.id, &changes)?.ok_or_else(gone)?;
            record_activity(connection, &user, "user", user.id.to_string(), "accepted", now)?;
            let tokens = working.sign_in.open_session(connection, &user, client, now)?;
            Ok(Answer::of(StatusCode::OK, &tokens)?)
        })
        .await
}
