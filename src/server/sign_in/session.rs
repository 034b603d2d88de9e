//! Sessions: a user signed in on one device. The refresh token is rotated with each use.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::{SECOND_MICROS, SignIn, lifetime};
use crate::models::Record as _;
use crate::models::tenancy::{
    NewSession, Organization, Session, SessionChanges, User, UserChanges, end_session,
};
use crate::models::{OrganizationStatus, SessionId};
use crate::server::attempts::client_sha256;
use crate::server::audit::{AuditEvent, record};
use crate::server::auth::refresh::RefreshToken;
use crate::server::fields::to_json;
use crate::server::layers::note_user;
use crate::server::problem::{Code, HandlerError, Problem};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Sha256};

impl SignIn {
    /// Creates a session for an authenticated user, and returns its tokens.
    pub(super) fn open_session(
        &self,
        connection: &mut AnyConnection,
        user: &User,
        client: IpAddr,
        now: Instant,
    ) -> Result<Value, HandlerError> {
        note_user(user.id);
        // Locked: an organization that is closed meanwhile waits for the session, and revokes it.
        if let Some(id) = user.organization_id {
            Organization::lock(connection, id)?;
        }
        let organization = active_organization(connection, user)?;
        let id = SessionId(uuid::Uuid::now_v7());
        let refresh = RefreshToken::new(id.0).map_err(|error| Problem::internal(&error))?;
        let lifetime = lifetime(self.parts.refresh_lifetime).saturating_mul(SECOND_MICROS);
        let new = NewSession {
            id,
            user_id: user.id,
            created_at: now,
            expires_at: Instant::from_micros(now.micros().saturating_add(lifetime))?,
            refresh_sha256: Sha256::from(refresh.sha256()),
            used_at: now,
            revoked_at: None,
            client_sha256: Some(client_sha256(client)),
        };
        Session::forget_before(connection, user.id, now)?;
        Session::insert(connection, &new)?;
        let changes = UserChanges { last_login_at: Some(Some(now)), ..UserChanges::default() };
        let user = User::update(connection, user.id, &changes)?.ok_or_else(unknown)?;
        Ok(self.tokens(&user, organization.as_ref(), id, &refresh, now))
    }

    /// Refreshes a session. Reuse of a refresh token means that it was copied: the session is revoked.
    pub(super) fn continue_session(
        &self,
        connection: &mut AnyConnection,
        given: &RefreshToken,
        now: Instant,
    ) -> Result<Continued, HandlerError> {
        let id = SessionId(given.session());
        let Some(session) = Session::lock(connection, id)? else {
            return Ok(Continued::Unknown);
        };
        if session.revoked_at.is_some() || session.expires_at <= now {
            return Ok(Continued::Unknown);
        }
        if !given.matches(session.refresh_sha256.bytes()) {
            end_session(connection, id, now)?;
            tracing::warn!(session = %id, user = %session.user_id, "refresh token reused: session revoked");
            if let Some(user) = User::find(connection, session.user_id)? {
                record_activity(connection, &user, "user", user.id.to_string(), "session_ended", now)?;
            }
            return Ok(Continued::Revoked);
        }
        let user = User::find(connection, session.user_id)?.filter(|user| user.deleted_at.is_none());
        let Some(user) = user else {
            return Ok(Continued::Unknown);
        };
        note_user(user.id);
        let organization = active_organization(connection, &user)?;
        let next = RefreshToken::new(id.0).map_err(|error| Problem::internal(&error))?;
        let changes = SessionChanges {
            refresh_sha256: Some(Sha256::from(next.sha256())),
            used_at: Some(now),
            ..SessionChanges::default()
        };
        Session::update(connection, id, &changes)?;
        Ok(Continued::Goes(self.tokens(&user, organization.as_ref(), id, &next, now)))
    }

    fn tokens(
        &self,
        user: &User,
        organization: Option<&Organization>,
        session: SessionId,
        refresh: &RefreshToken,
        now: Instant,
    ) -> Value {
        json!({
            "access_token": self.access_token(user, organization, session, now),
            "token_type": "Bearer",
            "expires_in": lifetime(self.parts.access_lifetime),
            "refresh_token": refresh.expose(),
            "user": to_json(user),
        })
    }
}

/// The result of a refresh.
pub(super) enum Continued {
    /// The new tokens.
    Goes(Value),
    /// The session was revoked now, because a used token was presented.
    Revoked,
    /// No such session, or it had ended before.
    Unknown,
}

/// Records an operation of a user in the audit trail of the organization.
pub(super) fn record_activity(
    connection: &mut AnyConnection,
    user: &User,
    entity: &str,
    key: String,
    done: &str,
    now: Instant,
) -> Result<(), HandlerError> {
    let Some(organization) = user.organization_id else {
        return Ok(());
    };
    record(connection, &AuditEvent { organization, user: Some(user.id), now, entity, key, done, fields: &[] })
}

pub(super) fn unknown() -> Problem {
    Problem::new(Code::TokenRefused, "the session has ended: sign in again")
}

/// The organization of a user. Rejects users of one that is suspended or closed.
fn active_organization(
    connection: &mut AnyConnection,
    user: &User,
) -> Result<Option<Organization>, HandlerError> {
    let organization = match user.organization_id {
        Some(id) => Organization::find(connection, id)?,
        None => None,
    };
    match organization {
        Some(organization) if organization.status != OrganizationStatus::Active => {
            Err(Problem::new(Code::Forbidden, "the organization is suspended or closed").into())
        }
        organization => Ok(organization),
    }
}
