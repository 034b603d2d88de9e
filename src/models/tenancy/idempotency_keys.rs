//! A request that may be sent again, and what was answered to it.

use crate::models::record;
use crate::values::{IdempotencyKeyId, Instant, Sha256, Text, UserId};

record! {
    /// A request that may be sent again, and what was answered to it: the same key of the same person gets the
    /// same answer, and is refused with another request.
    idempotency_keys: IdempotencyKey, NewIdempotencyKey, IdempotencyKeyChanges;
    key generated id: IdempotencyKeyId;
    owner user_id: UserId;
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
