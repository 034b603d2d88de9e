//! Operations of users on their own account.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;

use super::account::chosen;
use super::routes::{SECRET, Sent, too_many};
use super::session::record_activity;
use crate::models::Record as _;
use crate::models::SessionId;
use crate::models::tenancy::{Organization, Session, User, UserChanges};
use crate::server::answer::Answer;
use crate::server::app::AppState;
use crate::server::auth::password::Password;
use crate::server::caller::Caller;
use crate::server::fields::to_json;
use crate::server::problem::{Code, Problem};
use transfer::values::Text;

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
    let user = app.database.read(move |connection| Ok(User::find(connection, caller.user)?)).await?;
    let user = user.filter(|user| user.deleted_at.is_none()).ok_or_else(|| Problem::not_found("user"))?;
    let ticket = app.sign_in.limiter.take(user.email.as_str(), client, now.micros()).map_err(too_many)?;
    let failed =
        || Problem::field("current_password", "wrong_password", "does not match the current password");
    let given = Password::new(&current).map_err(|_rules| failed())?;
    let stored = user.password_hash.clone();
    if !app.sign_in.is_password(given, stored.clone()).await? {
        return Err(failed());
    }
    app.sign_in.limiter.succeeded(ticket);
    let hash = app.sign_in.hash(chosen(&wanted, &user.email, "new_password")?).await?;
    let ended = app
        .database
        .change(caller.user, move |connection| {
            let user = User::lock(connection, caller.user)?.ok_or_else(|| Problem::not_found("user"))?;
            if user.password_hash != stored {
                return Err(failed().into());
            }
            let changes = UserChanges {
                password_hash: Some(Some(hash.clone())),
                updated_at: Some(now),
                ..UserChanges::default()
            };
            User::update(connection, caller.user, &changes)?;
            let ended = Session::revoke_all(connection, caller.user, Some(SessionId(caller.session)), now)?;
            record_activity(connection, &user, "user", user.id.to_string(), "password_changed", now)?;
            Ok(ended)
        })
        .await?;
    ended.iter().for_each(|session| app.sign_in.revoke_session(session.0, now));
    Ok(Answer::empty(StatusCode::NO_CONTENT))
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
