//! A request that may be sent again, and what was answered to it.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{IdempotencyKeyId, UserId};
use crate::schema::idempotency_keys;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Sha256, Text};

record! {
    /// A request that may be sent again, and what was answered to it: the same key of the same person gets the
    /// same answer, and is refused with another request.
    idempotency_keys: IdempotencyKey, NewIdempotencyKey, IdempotencyKeyChanges;
    key generated id: IdempotencyKeyId;
    owner user_id;
    fixed {
        user_id: UserId,
        key: Text,
        request_sha256: Sha256,
        created_at: Instant,
    }
    changing {
        status: i32,
        location: Option<Text>,
        etag: Option<Text>,
        body: Text,
    }
}

impl IdempotencyKey {
    /// What was kept under this key of this person.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_user(connection: &mut AnyConnection, user: UserId, key: &Text) -> QueryResult<Option<Self>> {
        let of_key = idempotency_keys::table
            .filter(idempotency_keys::user_id.eq(user))
            .filter(idempotency_keys::key.eq(key));
        of_key.select(Self::as_select()).first(connection).optional()
    }

    /// Forgets what was kept for this person before `oldest`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_before(connection: &mut AnyConnection, user: UserId, oldest: Instant) -> QueryResult<()> {
        let old = idempotency_keys::table
            .filter(idempotency_keys::user_id.eq(user))
            .filter(idempotency_keys::created_at.lt(oldest));
        diesel::delete(old).execute(connection)?;
        Ok(())
    }
}
