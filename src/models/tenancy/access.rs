//! What the database says about a session, and how access ends.
//!
//! Access tokens carry their session, and the counters `access_version` of their user and organization. A token is
//! accepted while the session is not revoked and both counters are those of the rows. Whatever ends access calls a
//! function of this module in its transaction: removing a user, a new role or password, signing out, and an
//! organization that is suspended, closed or deleted.

use std::cell::Cell;

use diesel::prelude::*;

use crate::models::{OrganizationId, OrganizationStatus, Role, SessionId, UserId};
use crate::schema::{organizations, sessions, users};
use databases::connection::{AnyConnection, on_backend};
use transfer::values::Instant;

/// A session with its user and their organization, as far as access depends on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
#[expect(missing_docs, reason = "fields are columns")]
pub struct SessionAccess {
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
    pub user_id: UserId,
    pub user_version: i32,
    pub deleted_at: Option<Instant>,
    pub role: Role,
    pub organization_id: Option<OrganizationId>,
    pub organization_version: Option<i32>,
    pub organization_status: Option<OrganizationStatus>,
}

impl SessionAccess {
    /// The session with this key, if it exists.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(connection: &mut AnyConnection, session: SessionId) -> QueryResult<Option<Self>> {
        let found = sessions::table
            .inner_join(users::table.on(users::id.eq(sessions::user_id)))
            .left_join(organizations::table.on(users::organization_id.eq(organizations::id.nullable())))
            .filter(sessions::id.eq(session))
            .select((
                sessions::expires_at,
                sessions::revoked_at,
                users::id,
                users::access_version,
                users::deleted_at,
                users::role,
                users::organization_id,
                organizations::access_version.nullable(),
                organizations::status.nullable(),
            ));
        on_backend!(connection, c => found.first(c).optional())
    }

    /// Whether the session, its user and their organization have access at `now`.
    pub fn is_in_force(&self, now: Instant) -> bool {
        self.revoked_at.is_none()
            && self.expires_at > now
            && self.deleted_at.is_none()
            && self.organization_status.is_none_or(|status| status == OrganizationStatus::Active)
    }
}

/// Revokes a session: its access tokens and its refresh token.
///
/// # Errors
/// When the database fails.
pub fn end_session(connection: &mut AnyConnection, session: SessionId, now: Instant) -> QueryResult<()> {
    note_end();
    let current = sessions::table.filter(sessions::id.eq(session)).filter(sessions::revoked_at.is_null());
    diesel::update(current).set(sessions::revoked_at.eq(Some(now))).execute(connection)?;
    Ok(())
}

/// Revokes all sessions of a user except one.
///
/// # Errors
/// When the database fails.
pub fn end_other_sessions(
    connection: &mut AnyConnection,
    user: UserId,
    except: SessionId,
    now: Instant,
) -> QueryResult<()> {
    note_end();
    let others = sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::id.ne(except))
        .filter(sessions::revoked_at.is_null());
    diesel::update(others).set(sessions::revoked_at.eq(Some(now))).execute(connection)?;
    Ok(())
}

/// Revokes all sessions of a user, and ends the access of each token.
///
/// # Errors
/// When the database fails.
pub fn end_sessions_of_user(connection: &mut AnyConnection, user: UserId, now: Instant) -> QueryResult<()> {
    // Locks the user first: a sign-in that is not committed yet is waited for, and its session revoked.
    end_access_of_user(connection, user)?;
    let all = sessions::table.filter(sessions::user_id.eq(user)).filter(sessions::revoked_at.is_null());
    diesel::update(all).set(sessions::revoked_at.eq(Some(now))).execute(connection)?;
    Ok(())
}

/// Ends the access of all tokens of a user: a new role. Sessions remain; a refresh gives a token with the new rights.
///
/// # Errors
/// When the database fails.
pub fn end_access_of_user(connection: &mut AnyConnection, user: UserId) -> QueryResult<()> {
    note_end();
    diesel::update(users::table.find(user))
        .set(users::access_version.eq(users::access_version + 1))
        .execute(connection)?;
    Ok(())
}

/// Ends the access of all tokens of an organization: a new status. Sessions remain, and can be refreshed only while the
/// organization is active.
///
/// # Errors
/// When the database fails.
pub fn end_access_of_organization(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> QueryResult<()> {
    note_end();
    diesel::update(organizations::table.find(organization))
        .set(organizations::access_version.eq(organizations::access_version + 1))
        .execute(connection)?;
    Ok(())
}

/// Revokes all sessions of an organization's users, and ends the access of each token.
///
/// # Errors
/// When the database fails.
pub fn end_sessions_of_organization(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    now: Instant,
) -> QueryResult<()> {
    end_access_of_organization(connection, organization)?;
    let people = users::table.filter(users::organization_id.eq(organization)).select(users::id);
    let all = sessions::table.filter(sessions::user_id.eq_any(people)).filter(sessions::revoked_at.is_null());
    diesel::update(all).set(sessions::revoked_at.eq(Some(now))).execute(connection)?;
    Ok(())
}

thread_local! {
    static HAS_ENDED: Cell<bool> = const { Cell::new(false) };
}

/// Notes that the work on this thread ends access. The server forgets what it knows about sessions when the work is
/// committed; with a note, no caller can forget to say so.
fn note_end() {
    HAS_ENDED.set(true);
}

/// Whether access has ended on this thread since the last call.
pub fn take_end() -> bool {
    HAS_ENDED.replace(false)
}
