//! Sessions of users.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{OrganizationId, SessionId, UserId};
use crate::schema::{sessions, users};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Sha256};

record! {
    /// A session: a user signed in on one device, until it expires or is revoked.
    ///
    /// Only the digest of the refresh token is stored; each refresh replaces it.
    sessions: Session, NewSession, SessionChanges;
    key given id: SessionId;
    owner user_id;
    filter {
        user_id: UserId,
    }
    fixed {
        user_id: UserId,
        created_at: Instant,
        expires_at: Instant,
    }
    changing {
        refresh_sha256: Sha256,
        used_at: Instant,
        revoked_at: Option<Instant>,
    }
}

impl Session {
    /// Revokes all sessions of a user except one, and returns them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revoke_all(
        connection: &mut AnyConnection,
        user: UserId,
        except: Option<SessionId>,
        now: Instant,
    ) -> QueryResult<Vec<SessionId>> {
        let of_user =
            sessions::table.filter(sessions::user_id.eq(user)).filter(sessions::revoked_at.is_null());
        let mut ids: Vec<SessionId> = of_user.select(sessions::id).order(sessions::id).load(connection)?;
        ids.retain(|id| Some(*id) != except);
        diesel::update(sessions::table.filter(sessions::id.eq_any(&ids)))
            .set(sessions::revoked_at.eq(Some(now)))
            .execute(connection)?;
        Ok(ids)
    }

    /// Revokes all sessions of an organization's users.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revoke_of_organization(
        connection: &mut AnyConnection,
        organization: OrganizationId,
        now: Instant,
    ) -> QueryResult<()> {
        let people = users::table.filter(users::organization_id.eq(organization)).select(users::id);
        let open =
            sessions::table.filter(sessions::user_id.eq_any(people)).filter(sessions::revoked_at.is_null());
        diesel::update(open).set(sessions::revoked_at.eq(Some(now))).execute(connection)?;
        Ok(())
    }

    /// Deletes the sessions of a user that ended before `oldest`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_before(connection: &mut AnyConnection, user: UserId, oldest: Instant) -> QueryResult<()> {
        let ended =
            sessions::table.filter(sessions::user_id.eq(user)).filter(sessions::expires_at.lt(oldest));
        diesel::delete(ended).execute(connection)?;
        Ok(())
    }
}
