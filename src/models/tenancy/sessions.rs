//! Sessions of users.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{EmailAddress, SessionId, UserId};
use crate::schema::{sessions, users};
use databases::connection::{AnyConnection, on_backend};
use transfer::values::{Instant, Sha256};

record! {
    /// A session: a user signed in on one device, until it expires or is revoked.
    ///
    /// Only the digest of the refresh token is stored; each refresh replaces it. `client_sha256` is the digest of the
    /// address that the user signed in from. How sessions end: `end_session` and the functions beside it.
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
        client_sha256: Option<Sha256>,
    }
    changing {
        refresh_sha256: Sha256,
        used_at: Instant,
        revoked_at: Option<Instant>,
    }
}

impl Session {
    /// Whether the user with this e-mail address has signed in from this client address. One query for known and for
    /// unknown users.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_familiar(
        connection: &mut AnyConnection,
        email: &EmailAddress,
        client: Sha256,
    ) -> QueryResult<bool> {
        let found = sessions::table
            .inner_join(users::table.on(users::id.eq(sessions::user_id)))
            .filter(users::email.eq(email))
            .filter(sessions::client_sha256.eq(client));
        on_backend!(connection, c => diesel::select(diesel::dsl::exists(found)).get_result(c))
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
