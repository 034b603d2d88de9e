//! Stored responses of idempotent requests.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{IdempotencyKeyId, UserId};
use crate::schema::idempotency_keys;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Sha256, Text};

record! {
    /// The stored response of an idempotent request: the same key of the same user returns it, and is rejected with
    /// another request.
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
    /// The stored response for a key of a user.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_user(connection: &mut AnyConnection, user: UserId, key: &Text) -> QueryResult<Option<Self>> {
        let of_key = idempotency_keys::table
            .filter(idempotency_keys::user_id.eq(user))
            .filter(idempotency_keys::key.eq(key));
        of_key.select(Self::as_select()).first(connection).optional()
    }

    /// Deletes the stored responses of a user from before `oldest`.
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
